package dev.warder.upstream;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.nio.entity.AsyncEntityProducers;
import org.apache.hc.core5.http.nio.support.BasicRequestProducer;

/**
 * Sends one message at a time to a service of the operator, such as a collector, over a client of its own that is kept until
 * {@link #release}. Follows no redirect and repeats nothing. The response's content is discarded. One thread at a time, which
 * waits; {@link #close} from any thread.
 */
public final class MessageSender implements AutoCloseable {
    private final WaitedExchanges exchanges;

    /**
     * A sender without a connection.
     *
     * @param threads makes the threads of the HTTP client
     * @param limit for one whole exchange
     */
    public MessageSender(ThreadFactory threads, Duration limit) {
        exchanges = new WaitedExchanges(threads, limit);
    }

    /**
     * What became of a message.
     *
     * @param status the final status of the response; 0 if none came
     * @param retryAfter the field {@code Retry-After} of the response
     * @param failure why no status came, for operators, without text of the service; empty if there is a status
     */
    public record Outcome(int status, Optional<String> retryAfter, String failure) {
        private static Outcome lost(String failure) {
            return new Outcome(0, Optional.empty(), failure);
        }

        private static Outcome of(HttpResponse head) {
            var retryAfter = Optional.ofNullable(head.getFirstHeader("retry-after"))
                    .map(field -> field.getValue().strip());
            return new Outcome(head.getCode(), retryAfter, "");
        }
    }

    /**
     * Sends a POST and waits for the response. Throws nothing but errors.
     *
     * @param fields further header fields by their names
     * @param type the media type of the content
     */
    public Outcome post(URI url, Map<String, String> fields, String type, byte[] content) {
        var response = new HeadConsumer();
        var ended = exchanges.run(request(url, fields, type, content), response);
        // The status decides, whatever becomes of the content: a message that was accepted must not be sent again.
        return response.head()
                .map(Outcome::of)
                .orElseGet(() -> Outcome.lost(ended.failure().isEmpty() ? "sent no status" : ended.failure()));
    }

    /** Closes the connections until the next message. */
    public void release() {
        exchanges.release();
    }

    /** Cancels what is being sent, and sends nothing any more. */
    @Override
    public void close() {
        exchanges.close();
    }

    private static BasicRequestProducer request(URI url, Map<String, String> fields, String type, byte[] content) {
        var request = SimpleRequestBuilder.post(url);
        fields.forEach(request::setHeader);
        return new BasicRequestProducer(
                request.build(), AsyncEntityProducers.create(content, ContentType.create(type)));
    }
}
