package dev.warder.exchange.up;

import dev.warder.auth.Client;
import dev.warder.auth.Inquiry;
import dev.warder.body.Chunks;
import dev.warder.body.MemoryBudget;
import dev.warder.body.MemoryBudget.MemoryShare;
import dev.warder.body.SegmentPool;
import dev.warder.body.Splice;
import dev.warder.container.CallbackGuard.ClientLossHandler;
import dev.warder.container.OffloadExecutor;
import dev.warder.container.SerialTurn;
import dev.warder.exchange.down.Failure;
import dev.warder.http.BodyReader;
import dev.warder.http.ErrorReply;
import dev.warder.http.Route;
import dev.warder.json.JsonOutline;
import dev.warder.json.RequestEdit;
import dev.warder.record.RequestRecord;
import dev.warder.stream.ResponseEdit;
import dev.warder.stream.Translation;
import dev.warder.stream.Translation.ResponseTranslation;
import jakarta.servlet.ServletInputStream;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The form in which one request goes up: its body is collected, relayed, or empty. {@code UpstreamRequest} decides when it
 * is opened, sent and closed.
 *
 * <p>Thread-safe; {@link #open}, {@link #outgoing}, {@link #release} and {@link #close} are called one at a time.
 */
public sealed interface Upload permits CollectedUpload, RelayedUpload, Upload.EmptyUpload {
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
        // An edited list is read with a GET of its own, whatever its reader has sent.
        boolean reads = arrival.decisions().translation().isPresent()
                || arrival.decisions().responseEdit().isPresent();
        return arrival.head().hasBody() && !reads
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

    /** The bytes that were read, are charged to no memory, and wait for the upstream. */
    default long unsent() {
        return 0;
    }

    default boolean waitsForClient() {
        return false;
    }

    default Optional<Failure> overdue(long now) {
        return Optional.empty();
    }

    default void release() {}

    /** Ends one exchange whose request does not go up: it is refused, its client was lost, or something has failed. Thread-safe. */
    interface RefusalHandler extends ClientLossHandler {
        /**
         * The request is refused. Called without a lock.
         *
         * @param reply what the client gets
         */
        void refused(ErrorReply reply);
    }

    /** A request that is sent without a body, perhaps translated. One that its client sends is read and dropped: a server would wait for it. */
    final class EmptyUpload implements Upload, BodyReader.Sink {
        /** Null once the request is sent: a stream may go on for an hour. */
        private @Nullable RequestHead arrived;

        private final Optional<Translation> dialect;
        private final Optional<ResponseEdit> edit;
        private final boolean repeatable;
        private final Optional<BodyReader> reader;
        private final Events events;
        private final RefusalHandler exchange;

        /** Written before {@link Events#prepared}, whose lock makes it visible to what follows from that. */
        private Translation.Outcome.@Nullable Translated translated;

        private EmptyUpload(Arrival arrival, Events events, RefusalHandler exchange) {
            this.arrived = arrival.head();
            this.dialect = arrival.decisions().translation();
            this.edit = arrival.decisions().responseEdit();
            this.repeatable = arrival.record().call().route() != Route.RAW;
            this.reader = arrival.head().hasBody()
                    ? Optional.of(new BodyReader(
                            arrival.turn(), arrival.in(), arrival.head().contentLength(), this, exchange))
                    : Optional.empty();
            this.events = events;
            this.exchange = exchange;
        }

        @Override
        public boolean wants() {
            return true;
        }

        @Override
        public void take(byte[] buffer, int n) {}

        @Override
        public void taken(int bytes, boolean ended) {
            events.read(bytes);
        }

        @Override
        public void open() {
            if (dialect.isEmpty()) {
                events.prepared();
                return;
            }
            var outcome = dialect.get().translate(new Chunks());
            if (outcome instanceof Translation.Outcome.Refused refused) {
                exchange.refused(refused.reply());
            } else if (outcome instanceof Translation.Outcome.Translated request) {
                requireNoBody(request);
                translated = request;
                events.prepared();
            }
        }

        @Override
        public Outgoing outgoing() {
            var head = Objects.requireNonNull(arrived);
            arrived = null;
            var request = translated;
            if (request != null) {
                head = head.reading(request.path(), head.translatedFields(request.version()));
            } else if (edit.isPresent()) {
                head = head.reading(edit.get().target(head.path()), head.editableFields());
            }
            return Outgoing.of(head, repeatable || request != null, events::progress);
        }

        @Override
        public Optional<BodyReader> reader() {
            return reader;
        }

        @Override
        public void close() {}

        @Override
        public Optional<ResponseTranslation> translation() {
            return Optional.ofNullable(translated).map(Translation.Outcome.Translated::response);
        }

        private static void requireNoBody(Translation.Outcome.Translated request) {
            if (request.body().length() != 0) {
                throw new IllegalStateException("A request without a body was translated into one with a body");
            }
        }
    }

    /**
     * A request as it arrived at the servlet. No part of an exchange keeps it, because a stream may go on for an hour.
     *
     * @param turn the turn to read the body
     * @param in the body
     */
    record Arrival(
            RequestRecord record, Decisions decisions, RequestHead head, SerialTurn turn, ServletInputStream in) {}

    /**
     * The request that goes up, whichever credential it goes with.
     *
     * @param head with the path and the fields that are sent, without a credential
     * @param streams whether an event stream was requested
     * @param repeatable whether it can be sent more than once
     * @param session the client's name for its conversation, where the body has one
     * @param content the body; null where it is not collected
     * @param progress begins a try with this body, or with the one that is not collected: how far it is sent
     */
    record Outgoing(
            RequestHead head,
            boolean streams,
            boolean repeatable,
            Optional<String> model,
            Optional<String> session,
            @Nullable EditedBody content,
            Function<@Nullable Chunks, SendProgress> progress) {
        /** A request about whose body nothing is known. */
        static Outgoing of(RequestHead head, boolean repeatable, Supplier<SendProgress> progress) {
            return new Outgoing(
                    head, false, repeatable, Optional.empty(), Optional.empty(), null, none -> progress.get());
        }

        /** The body as the filters have edited it; null where it is not collected. */
        public @Nullable Chunks body() {
            return content == null ? null : content.edited();
        }

        /**
         * The collected body with the filters' edits and this one, which counts where both change the same bytes. Fields that are true
         * of other bytes are to be left out, see {@link RequestHead#withoutDigests}. Neither {@code system} nor a part of it may be cut:
         * the operator's prompt is put around what stands there.
         */
        public Chunks body(RequestEdit edit) {
            var body = Objects.requireNonNull(content);
            var splices = edit.splices(body.outline(), body.collected());
            return body.collected().splice(RequestEdit.both(body.edits(), splices));
        }

        /**
         * Begins a try; one thread at a time.
         *
         * @param rendered the body that is sent; null where there is none
         */
        public SendProgress begin(@Nullable Chunks rendered) {
            if ((rendered == null) != (content == null)) {
                throw new IllegalStateException("a provider has added or dropped a body");
            }
            return progress.apply(rendered);
        }
    }

    /**
     * A collected body, and what filters have made of it.
     *
     * @param outline that of {@code collected}
     * @param edits the splices of the filters
     */
    record EditedBody(Chunks collected, JsonOutline outline, List<Splice> edits, Chunks edited) {}

    /**
     * Where collected bodies are kept, and how much of them. Thread-safe.
     *
     * @param limit the largest body, in bytes
     * @param longestWait how long a body may wait for memory in total
     * @param memory the memory for all collected bodies
     * @param segments the arrays that hold their bytes
     * @param share how much of the memory the bodies of one client may use
     * @param nanoTime a clock that never goes back
     */
    record BodyStorage(
            long limit,
            Duration longestWait,
            MemoryBudget memory,
            SegmentPool segments,
            Function<Client, MemoryShare> share,
            LongSupplier nanoTime) {}
}
