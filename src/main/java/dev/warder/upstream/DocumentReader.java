package dev.warder.upstream;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.core5.http.nio.support.BasicRequestProducer;

/**
 * Reads one document at a time from a service that the operator uses, over a client of its own that is kept until {@link
 * #release}. Follows no redirect and repeats nothing. One thread at a time, which waits; {@link #close} from any thread.
 */
public final class DocumentReader implements AutoCloseable {
    private final WaitedExchanges exchanges;
    private final int most;

    /**
     * A reader without a connection.
     *
     * @param threads makes the threads of the HTTP client
     * @param limit for one whole exchange
     * @param most the most bytes of a document
     */
    public DocumentReader(ThreadFactory threads, Duration limit, int most) {
        exchanges = new WaitedExchanges(threads, limit);
        this.most = most;
    }

    /**
     * The result of a request. No text form shows the body.
     *
     * @param status of the response; 0 if it did not come completely
     * @param retryAfter the field {@code Retry-After} of the response
     * @param body in UTF-8
     * @param failure why no response came, for operators, without text of the service; empty if there is a status
     */
    public record Outcome(int status, Optional<String> retryAfter, String body, String failure) {
        private static Outcome lost(String failure) {
            return new Outcome(0, Optional.empty(), "", failure);
        }

        @Override
        public String toString() {
            return "Outcome[" + status + failure + "]";
        }
    }

    /**
     * Sends a GET and waits for the response. Throws nothing but errors.
     *
     * @param fields further header fields by their names
     */
    public Outcome get(URI url, Map<String, String> fields) {
        var request = SimpleRequestBuilder.get(url);
        fields.forEach(request::setHeader);
        var ended = exchanges.run(new BasicRequestProducer(request.build(), null), new DocumentConsumer(most));
        if (ended.isLate()) {
            release();
        }
        return ended.result()
                .orElseGet(() -> Outcome.lost(ended.cause().map(this::reason).orElse(ended.failure())));
    }

    private String reason(Throwable lost) {
        return lost instanceof DocumentConsumer.TooLongException
                ? "sent a response of more than " + most + " bytes"
                : "could not be reached, or the connection was lost";
    }

    public void release() {
        exchanges.release();
    }

    @Override
    public void close() {
        exchanges.close();
    }
}
