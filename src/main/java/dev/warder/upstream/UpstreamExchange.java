package dev.warder.upstream;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.container.Cancellation;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import org.apache.hc.client5.http.async.AsyncExecRuntime;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way to the upstream and its response on the way back. Thread-safe.
 *
 * <p>Cancelling the client's future is not enough. HttpClient 5.6.5 loses track of an exchange on a reused pooled
 * connection, reports it cancelled and reads its response to the end. Therefore this class also keeps HttpClient's
 * runtime and discards its connection.
 */
public final class UpstreamExchange {
    private final Cancellation cancellation = new Cancellation();
    /** Null after the exchange was taken up: it refers to the whole request, and a stream may last an hour. */
    @GuardedBy("this")
    private @Nullable Runnable withdrawn;

    @GuardedBy("this")
    private @Nullable Runnable stream;

    private volatile @Nullable AsyncExecRuntime runtime;

    /** {@code withdrawn} runs if the exchange is cancelled before it was taken up: nothing else will release it then. */
    UpstreamExchange(Runnable withdrawn) {
        this.withdrawn = withdrawn;
        cancellation.add(withdrawn);
    }

    synchronized boolean takeUp() {
        var waiting = withdrawn;
        withdrawn = null;
        return waiting != null && cancellation.remove(waiting);
    }

    /**
     * Ends the exchange. Over HTTP/1.1 this closes its connection unless the response was read completely; over HTTP/2 only
     * its stream ends. May be called again, at any time.
     */
    public void cancel() {
        cancellation.cancel();
    }

    /**
     * The exchange is a stream of a shared connection from now on, or another stream than before.
     *
     * @param end ends the stream
     * @return false when the exchange is cancelled already: the caller ends the stream
     */
    synchronized boolean shares(Runnable end) {
        if (stream != null) {
            cancellation.remove(stream);
        }
        stream = end;
        return cancellation.offer(end);
    }

    void started(Future<?> running) {
        cancellation.add(() -> {
            running.cancel(true);
            var endpoint = runtime;
            if (endpoint != null) {
                endpoint.discardEndpoint();
            }
        });
    }

    void acquiring(AsyncExecRuntime endpoint) {
        runtime = endpoint;
        if (cancellation.isCancelled()) {
            throw new CancellationException("cancelled before a connection was acquired");
        }
    }
}
