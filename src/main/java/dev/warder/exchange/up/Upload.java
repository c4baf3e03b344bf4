package dev.warder.exchange.up;

import dev.warder.exchange.down.Failure;
import dev.warder.gate.Inquiry;
import dev.warder.http.ErrorReply;
import dev.warder.json.JsonOutline;
import dev.warder.state.OffloadExecutor;
import dev.warder.stream.ResponseTranslation;
import java.util.Optional;

/**
 * The form in which one request goes up: its body is collected, relayed, or empty. {@code UpstreamRequest} decides when it
 * is opened, sent and closed.
 *
 * <p>Thread-safe; {@link #open}, {@link #outgoing}, {@link #release} and {@link #close} are called one at a time.
 */
public sealed interface Upload permits CollectedUpload, RelayedUpload, EmptyUpload {
    /** Its result; called without a lock. */
    interface Events {
        /** It may be sent after the gates that need its content were asked. From now on {@link #content} is known. */
        void prepared();

        /** Bytes of the body were read. */
        void read(long bytes);

        /** The progress of one try, which begins now. */
        SendProgress progress();
    }

    /**
     * The form of one request, which its route, its translation and its head decide.
     *
     * @param offload runs what takes a while
     * @param exchange is ended where the request is not sent
     */
    static Upload of(
            BodyStorage bodies,
            Arrival arrival,
            Deadlines deadlines,
            OffloadExecutor offload,
            Events events,
            RefusalHandler exchange) {
        if (arrival.record().call().route().isCollected()) {
            return new CollectedUpload(bodies, arrival, deadlines, offload, events, exchange);
        }
        return arrival.head().hasBody() && arrival.decisions().translation().isEmpty()
                ? new RelayedUpload(arrival, events, exchange)
                : new EmptyUpload(arrival, events, exchange);
    }

    static ErrorReply tooLarge(long limit) {
        return ErrorReply.tooLarge("The request body is larger than the " + limit + " bytes that are taken here.");
    }

    /** Begins: {@link Events#prepared} or {@link RefusalHandler#refused} follows, unless the client is lost before. */
    void open();

    /** The request that is sent; called at most once, after {@link Events#prepared}. */
    Outgoing outgoing();

    Optional<BodyReader> reader();

    void close();

    default Optional<Inquiry.Content> content() {
        return Optional.empty();
    }

    default Optional<JsonOutline> sent() {
        return Optional.empty();
    }

    default Optional<ResponseTranslation> translation() {
        return Optional.empty();
    }

    /** Whether bytes are wanted from the client now. */
    default boolean asks() {
        return false;
    }

    default boolean waitsForClient() {
        return false;
    }

    default Optional<Failure> overdue(long now) {
        return Optional.empty();
    }

    default void release() {}
}
