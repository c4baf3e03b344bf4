package dev.warder.upstream;

import dev.warder.state.Cancellation;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.nio.entity.AsyncEntityProducers;
import org.apache.hc.core5.http.nio.support.BasicRequestProducer;
import org.apache.hc.core5.io.CloseMode;
import org.jspecify.annotations.Nullable;

/**
 * Sends one message at a time to a service of the operator, such as a collector, over a client of its own that is kept until
 * {@link #release}. Follows no redirect and repeats nothing. The response's content is discarded. One thread at a time, which
 * waits; {@link #close} from any thread.
 */
public final class MessageSender implements AutoCloseable {
    private final ThreadFactory threads;
    private final Duration limit;
    private final Cancellation closing = new Cancellation();
    private @Nullable CloseableHttpAsyncClient kept;

    /**
     * A sender without a connection.
     *
     * @param threads makes the threads of the HTTP client
     * @param limit for one whole exchange
     */
    public MessageSender(ThreadFactory threads, Duration limit) {
        this.threads = threads;
        this.limit = limit;
        SilentLoggers.silence();
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
        if (closing.isCancelled()) {
            return Outcome.lost("is no longer used");
        }
        var response = new HeadConsumer();
        var outcome = exchange(request(url, fields, type, content), response);
        // The status decides, whatever becomes of the content: a message that was accepted must not be sent again.
        return response.head().map(Outcome::of).orElse(outcome);
    }

    /** The outcome if the service sends no status. */
    private Outcome exchange(BasicRequestProducer request, HeadConsumer response) {
        try {
            await(client().execute(request, response, null));
            return Outcome.lost("sent no status");
        } catch (TimeoutException late) {
            return Outcome.lost("did not respond in " + limit.toSeconds() + " s");
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return Outcome.lost("was not waited for");
        } catch (CancellationException stop) {
            return Outcome.lost("was not waited for");
        } catch (ExecutionException | RuntimeException lost) {
            // A reactor that has failed serves no further message. The exception's own message could contain text from
            // the service.
            release();
            return Outcome.lost("could not be reached");
        }
    }

    /** Closes the connections until the next message. */
    public void release() {
        var open = kept;
        if (open != null) {
            kept = null;
            open.close(CloseMode.IMMEDIATE);
        }
    }

    /** Cancels what is being sent, and sends nothing any more. */
    @Override
    public void close() {
        closing.cancel();
    }

    private void await(Future<Void> exchange) throws ExecutionException, InterruptedException, TimeoutException {
        Runnable end = () -> exchange.cancel(true);
        if (!closing.offer(end)) {
            exchange.cancel(true);
        }
        try {
            exchange.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } finally {
            closing.remove(end);
            // Without effect on an exchange that has ended.
            exchange.cancel(true);
        }
    }

    private static BasicRequestProducer request(URI url, Map<String, String> fields, String type, byte[] content) {
        var request = SimpleRequestBuilder.post(url);
        fields.forEach(request::setHeader);
        return new BasicRequestProducer(
                request.build(), AsyncEntityProducers.create(content, ContentType.create(type)));
    }

    private CloseableHttpAsyncClient client() {
        var open = kept;
        if (open == null) {
            open = ShortLivedClient.create(threads, ended -> {});
            kept = open;
            open.start();
        }
        return open;
    }
}
