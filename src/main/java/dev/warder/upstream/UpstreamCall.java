package dev.warder.upstream;

import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.client5.http.async.AsyncExecRuntime;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way to the upstream and its answer on the way back. Thread-safe.
 *
 * <p>Cancelling the client's future is not enough: HttpClient 5.6.5 loses track of an exchange on a pooled connection that
 * is used again, reports it cancelled and reads its answer to the end. So the call also keeps the runtime of the exchange
 * and discards its connection.
 */
public final class UpstreamCall {
    private final Runnable withdrawn;
    private final AtomicBoolean taken = new AtomicBoolean();
    private volatile boolean cancelled;
    private volatile @Nullable AsyncExecRuntime runtime;
    private volatile @Nullable Future<?> future;
    private volatile @Nullable SharedStream stream;

    /** {@code withdrawn} is run if the call is cancelled before it was taken up: nothing else will let go of it then. */
    UpstreamCall(Runnable withdrawn) {
        this.withdrawn = withdrawn;
    }

    /** Takes the call up; false when it was cancelled before. */
    boolean takeUp() {
        return taken.compareAndSet(false, true);
    }

    /**
     * Ends the call, and over HTTP/1.1 closes its connection unless the answer was read whole; over HTTP/2 only its stream
     * ends. May be called again, at any time.
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
            shared.cancel();
        }
    }

    boolean isCancelled() {
        return cancelled;
    }

    /** The call is made as this stream now. */
    void shares(SharedStream next) {
        stream = next;
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
