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
import org.apache.hc.core5.http.nio.support.BasicRequestProducer;
import org.apache.hc.core5.io.CloseMode;
import org.jspecify.annotations.Nullable;

/**
 * Reads one document at a time from a service that the operator uses, over a client of its own that is kept until {@link
 * #release}. Follows no redirect and repeats nothing. One thread at a time, which waits; {@link #close} from any thread.
 */
public final class DocumentReader implements AutoCloseable {
    private final ThreadFactory threads;
    private final Duration limit;
    private final int most;
    private final Cancellation closing = new Cancellation();
    private @Nullable CloseableHttpAsyncClient kept;

    /**
     * A reader without a connection.
     *
     * @param threads makes the threads of the HTTP client
     * @param limit for one whole exchange
     * @param most the most bytes of a document
     */
    public DocumentReader(ThreadFactory threads, Duration limit, int most) {
        this.threads = threads;
        this.limit = limit;
        this.most = most;
        SilentLoggers.silence();
    }

    /**
     * What became of a request. No text form shows the body.
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
        if (closing.isCancelled()) {
            return Outcome.lost("is no longer used");
        }
        var request = SimpleRequestBuilder.get(url);
        fields.forEach(request::setHeader);
        try {
            var producer = new BasicRequestProducer(request.build(), null);
            return await(client().execute(producer, new DocumentConsumer(most), null));
        } catch (TimeoutException late) {
            release();
            return Outcome.lost("did not respond in " + limit.toSeconds() + " s");
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return Outcome.lost("was not waited for");
        } catch (CancellationException stop) {
            return Outcome.lost("was not waited for");
        } catch (ExecutionException | RuntimeException lost) {
            // The exception's own message could contain text from the service.
            release();
            return Outcome.lost(
                    lost.getCause() instanceof DocumentConsumer.TooLongException
                            ? "sent a response of more than " + most + " bytes"
                            : "could not be reached, or the connection was lost");
        }
    }

    /** Closes the connections until the next document. */
    public void release() {
        var open = kept;
        if (open != null) {
            kept = null;
            open.close(CloseMode.IMMEDIATE);
        }
    }

    /** Cancels what is being read, and reads nothing any more. */
    @Override
    public void close() {
        closing.cancel();
    }

    private Outcome await(Future<Outcome> exchange) throws ExecutionException, InterruptedException, TimeoutException {
        Runnable end = () -> exchange.cancel(true);
        if (!closing.offer(end)) {
            exchange.cancel(true);
        }
        try {
            return exchange.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } finally {
            closing.remove(end);
            // Without effect on an exchange that has ended.
            exchange.cancel(true);
        }
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
