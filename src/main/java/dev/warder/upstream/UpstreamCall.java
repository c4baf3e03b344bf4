package dev.warder.upstream;

import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
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
    private volatile boolean cancelled;
    private volatile @Nullable AsyncExecRuntime runtime;
    private volatile @Nullable Future<?> future;

    UpstreamCall() {}

    /** Ends the call and closes its connection, unless the answer was read whole. May be called again, at any time. */
    public void cancel() {
        cancelled = true;
        var running = future;
        if (running != null) {
            running.cancel(true);
        }
        var endpoint = runtime;
        if (endpoint != null) {
            endpoint.discardEndpoint();
        }
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
