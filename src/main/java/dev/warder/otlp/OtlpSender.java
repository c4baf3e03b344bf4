package dev.warder.otlp;

import dev.warder.credential.RetryAfter;
import dev.warder.http.Field;
import dev.warder.state.Cancellation;
import dev.warder.upstream.ShortLivedClient;
import dev.warder.upstream.SilentLoggers;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
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
 * Sends one message at a time to the collector, over a client of its own that is kept until {@link #release}. Follows no redirect
 * and repeats nothing. The response's content is discarded. One thread at a time, which waits up to 10 s; {@link #close} from
 * any thread.
 */
final class OtlpSender implements AutoCloseable {
    /** The media type of protobuf. */
    static final String PROTOBUF = "application/x-protobuf";

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final ThreadFactory threads;
    private final InstantSource clock;
    private final Cancellation closing = new Cancellation();
    private @Nullable CloseableHttpAsyncClient kept;

    /** @param threads makes the threads of the HTTP client */
    OtlpSender(ThreadFactory threads, InstantSource clock) {
        this.threads = threads;
        this.clock = clock;
        SilentLoggers.silence();
    }

    /**
     * The outcome of sending.
     *
     * @param failure a text for operators; empty if the collector has accepted the message
     * @param mayRetry whether OTLP permits to send the message again
     * @param retryAfter when, if the collector names a time
     */
    record Outcome(String failure, boolean mayRetry, Optional<Duration> retryAfter) {
        static final Outcome SENT = new Outcome("", false, Optional.empty());

        static Outcome lost(String failure) {
            return new Outcome(failure, true, Optional.empty());
        }

        boolean isSent() {
            return failure.isEmpty();
        }
    }

    /** Sends and waits for the response. Throws nothing but errors. */
    Outcome post(URI url, List<Field> fields, String type, byte[] message) {
        if (closing.isCancelled()) {
            return Outcome.lost("is no longer used");
        }
        var response = new HeadConsumer();
        var outcome = exchange(request(url, fields, type, message), response);
        // The status decides, whatever becomes of the content: a message that was accepted must not be sent again.
        return response.head().map(this::outcome).orElse(outcome);
    }

    /** The outcome if the collector sends no status. */
    private Outcome exchange(BasicRequestProducer request, HeadConsumer response) {
        try {
            await(client().execute(request, response, null));
            return Outcome.lost("sent no status");
        } catch (TimeoutException late) {
            return Outcome.lost("did not respond in " + LIMIT.toSeconds() + " s");
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return Outcome.lost("was not waited for");
        } catch (CancellationException stop) {
            return Outcome.lost("was not waited for");
        } catch (ExecutionException | RuntimeException lost) {
            // A reactor that has failed serves no further message. The exception's own message could contain text from
            // the
            // endpoint.
            release();
            return Outcome.lost("could not be reached");
        }
    }

    /** Closes the connections until the next message. */
    void release() {
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
            exchange.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } finally {
            closing.remove(end);
            // Without effect on an exchange that has ended.
            exchange.cancel(true);
        }
    }

    private Outcome outcome(HttpResponse response) {
        int status = response.getCode();
        return switch (status) {
            case 429, 502, 503, 504 -> new Outcome("returned " + status, true, retryAfter(response));
            default ->
                status >= 200 && status < 300
                        ? Outcome.SENT
                        : new Outcome("returned " + status, false, Optional.empty());
        };
    }

    private Optional<Duration> retryAfter(HttpResponse response) {
        return Optional.ofNullable(response.getFirstHeader("retry-after"))
                .flatMap(field -> RetryAfter.parse(field.getValue().strip(), clock.instant()))
                .filter(wait -> !wait.isNegative());
    }

    private static BasicRequestProducer request(URI url, List<Field> fields, String type, byte[] message) {
        var request = SimpleRequestBuilder.post(url);
        fields.forEach(field -> request.setHeader(field.name(), field.value()));
        return new BasicRequestProducer(
                request.build(), AsyncEntityProducers.create(message, ContentType.create(type)));
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
