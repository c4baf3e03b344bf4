package dev.warder.upstream;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.nio.entity.AsyncEntityProducers;
import org.apache.hc.core5.http.nio.support.BasicRequestProducer;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/**
 * Sends one message at a time to a service of the operator, such as a collector, over a client of its own that is kept
 * until {@link #release}. Follows no redirect and repeats nothing. The response's content is discarded. One thread at a
 * time, which waits; {@link #close} from any thread.
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
     * The result of a message.
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

    public void release() {
        exchanges.release();
    }

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

    /**
     * Keeps the head of a response and discards its content, which ends the exchange if it is longer than 64 KiB. The head
     * can be read as soon as it has come, also if the content never ends. Thread-safe.
     */
    private static final class HeadConsumer implements AsyncResponseConsumer<Void> {
        private static final long MOST = 64 << 10;

        private volatile @Nullable HttpResponse head;
        private volatile @Nullable FutureCallback<Void> end;

        /** Bytes of the content. For the thread of the reactor. */
        private long length;

        Optional<HttpResponse> head() {
            return Optional.ofNullable(head);
        }

        @Override
        public void consumeResponse(
                HttpResponse response,
                @Nullable EntityDetails content,
                HttpContext context,
                FutureCallback<Void> callback) {
            head = response;
            if (content == null) {
                callback.completed(null);
            } else {
                end = callback;
            }
        }

        @Override
        public void informationResponse(HttpResponse response, HttpContext context) {}

        @Override
        public void updateCapacity(CapacityChannel channel) throws IOException {
            channel.update(Integer.MAX_VALUE);
        }

        @Override
        public void consume(ByteBuffer content) throws IOException {
            length += content.remaining();
            content.position(content.limit());
            if (length > MOST) {
                throw new IOException("the content is too long");
            }
        }

        @Override
        public void streamEnd(@Nullable List<? extends Header> trailers) {
            var callback = end;
            if (callback != null) {
                callback.completed(null);
            }
        }

        @Override
        public void failed(Exception cause) {
            var callback = end;
            if (callback != null) {
                callback.failed(cause);
            }
        }

        @Override
        public void releaseResources() {}
    }
}
