package dev.warder.upstream;

import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.client5.http.async.AsyncExecRuntime;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way to the upstream and its response on the way back. Thread-safe.
 *
 * <p>Cancelling the client's future is not enough. HttpClient 5.6.5 loses track of an exchange on a reused pooled
 * connection, reports it cancelled and reads its response to the end. Therefore the call also keeps the runtime of the
 * exchange and discards its connection.
 */
public final class UpstreamCall {
    private final Runnable withdrawn;
    private final AtomicBoolean taken = new AtomicBoolean();
    private volatile boolean cancelled;
    private volatile @Nullable AsyncExecRuntime runtime;
    private volatile @Nullable Future<?> future;
    private volatile @Nullable Runnable stream;

    /** {@code withdrawn} runs if the call is cancelled before it was taken up: nothing else will release it then. */
    UpstreamCall(Runnable withdrawn) {
        this.withdrawn = withdrawn;
    }

    /** Takes the call up; false when it was cancelled before. */
    boolean takeUp() {
        return taken.compareAndSet(false, true);
    }

    /**
     * Ends the call. Over HTTP/1.1 this closes its connection unless the response was read completely; over HTTP/2 only
     * its stream ends. May be called again, at any time.
     */
    public void cancel() {
        cancelled = true;
        if (taken.compareAndSet(false, true)) {
            withdrawn.run();
            return;
        }
        var running = future;
        if (running != null) {
            running.cancel(true);
        }
        var endpoint = runtime;
        if (endpoint != null) {
            endpoint.discardEndpoint();
        }
        var shared = stream;
        if (shared != null) {
            shared.run();
        }
    }

    boolean isCancelled() {
        return cancelled;
    }

    /** The call is a stream of a shared connection from now on, which {@code cancellation} ends. */
    void shares(Runnable cancellation) {
        stream = cancellation;
    }

    void started(Future<?> running) {
        future = running;
        if (cancelled) {
            cancel();
        }
    }

    void acquiring(AsyncExecRuntime endpoint) {
        runtime = endpoint;
        if (cancelled) {
            throw new CancellationException("cancelled before a connection was acquired");
        }
    }
}
