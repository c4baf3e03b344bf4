package dev.warder.upstream;

import dev.warder.state.Cancellation;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;
import org.apache.hc.core5.http.nio.support.BasicRequestProducer;
import org.apache.hc.core5.io.CloseMode;
import org.jspecify.annotations.Nullable;

/**
 * Exchanges with a service of the operator, one at a time, over a client of its own that is kept until {@link #release}. Follows no
 * redirect and repeats nothing. One thread at a time, which waits; {@link #close} from any thread.
 */
final class WaitedExchanges implements AutoCloseable {
    private final ThreadFactory threads;
    private final Duration limit;
    private final Cancellation closing = new Cancellation();
    private @Nullable CloseableHttpAsyncClient kept;

    /**
     * Opens no connection yet.
     *
     * @param threads makes the threads of the HTTP client
     * @param limit for one whole exchange
     */
    WaitedExchanges(ThreadFactory threads, Duration limit) {
        this.threads = threads;
        this.limit = limit;
        SilentLoggers.silence();
    }

    /**
     * How an exchange ended.
     *
     * @param result what the consumer made of the response; empty also for a consumer without a result
     * @param failure why there is none, for operators, without text of the service; empty if there was a response
     * @param isLate whether the response did not come in time
     * @param cause why the exchange was lost; its message could contain text of the service
     */
    record Ended<T>(Optional<T> result, String failure, boolean isLate, Optional<Throwable> cause) {
        private static <T> Ended<T> failed(String failure) {
            return new Ended<>(Optional.empty(), failure, false, Optional.empty());
        }
    }

    /** Makes an exchange and waits for its end. Throws nothing but errors. */
    <T> Ended<T> run(BasicRequestProducer request, AsyncResponseConsumer<T> response) {
        if (closing.isCancelled()) {
            return Ended.failed("is no longer used");
        }
        try {
            var result = await(client().execute(request, response, null));
            return new Ended<>(Optional.ofNullable(result), "", false, Optional.empty());
        } catch (TimeoutException late) {
            return new Ended<>(
                    Optional.empty(), "did not respond in " + limit.toSeconds() + " s", true, Optional.empty());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return Ended.failed("was not waited for");
        } catch (CancellationException stop) {
            return Ended.failed("was not waited for");
        } catch (ExecutionException | RuntimeException lost) {
            // A reactor that has failed serves no further exchange.
            release();
            return new Ended<>(
                    Optional.empty(),
                    "could not be reached",
                    false,
                    Optional.of(Optional.ofNullable(lost.getCause()).orElse(lost)));
        }
    }

    void release() {
        var open = kept;
        if (open != null) {
            kept = null;
            open.close(CloseMode.IMMEDIATE);
        }
    }

    @Override
    public void close() {
        closing.cancel();
    }

    private <T> @Nullable T await(Future<T> exchange)
            throws ExecutionException, InterruptedException, TimeoutException {
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
