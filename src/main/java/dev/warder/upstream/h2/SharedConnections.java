package dev.warder.upstream.h2;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP/2 connections to the one upstream, each shared by many calls. HttpClient 5.6.5 cannot do this. Where its
 * pool shares connections, the failure or cancellation of one exchange closes the connection under all others. It also
 * ignores how many streams the upstream accepts. Therefore this class is built on HttpCore, and leaves an upstream that
 * chooses HTTP/1.1 to HttpClient.
 *
 * <p>Thread-safe.
 */
final class SharedConnections {
    private static final Logger LOG = LoggerFactory.getLogger(SharedConnections.class);

    /** How long HTTP/1.1 is used before HTTP/2 is offered again. */
    private static final long HTTP1_NANOS = 600_000_000_000L;

    private final ReentrantLock lock = new ReentrantLock();
    private final List<SharedConnection> connections = new CopyOnWriteArrayList<>();
    private final Consumer<SharedCall> overHttp1;
    private final LongSupplier nanoTime;
    private final SharedReactor reactor;
    private volatile @Nullable Long http1Since;

    /**
     * @param reactor makes the reactor, which notifies its argument of connections over which the upstream speaks
     *     HTTP/1.1
     * @param overHttp1 makes the calls for which the upstream chose HTTP/1.1
     */
    SharedConnections(
            Function<Consumer<SharedConnection>, SharedReactor> reactor,
            Consumer<SharedCall> overHttp1,
            LongSupplier nanoTime) {
        this.overHttp1 = overHttp1;
        this.nanoTime = nanoTime;
        this.reactor = reactor.apply(this::goesOverHttp1);
    }

    void start() {
        reactor.start();
    }

    /** Makes a call, on a connection with room or on a new one. */
    void execute(SharedCall call) {
        var since = http1Since;
        if (since != null && now() - since < HTTP1_NANOS) {
            overHttp1.accept(call);
            return;
        }
        SharedStream stream;
        lock.lock();
        try {
            stream = place(call);
            call.handle().shares(stream);
        } finally {
            lock.unlock();
        }
        if (call.handle().isCancelled()) {
            stream.cancel();
        }
        stream.connection().beginWaiting();
    }

    /** Makes a connection; reports a failure to {@link SharedConnection#lost}, at once or later. */
    void connect(SharedConnection connection) {
        reactor.connect(connection);
    }

    void forget(SharedConnection connection) {
        connections.remove(connection);
    }

    /** Checks all connections. */
    void tidy() {
        long now = now();
        connections.forEach(connection -> connection.tidy(now));
    }

    int busy() {
        return (int) connections.stream().filter(SharedConnection::isBusy).count();
    }

    int idle() {
        return connections.size() - busy();
    }

    /** Closes every connection. */
    void close() {
        reactor.close();
    }

    /** Waits at most this long until the reactor threads have ended. */
    void awaitEnd(Timeout wait) throws InterruptedException {
        reactor.awaitEnd(wait);
    }

    long now() {
        return nanoTime.getAsLong();
    }

    @GuardedBy("lock")
    private SharedStream place(SharedCall call) {
        for (var connection : connections) {
            var stream = connection.take(call);
            if (stream != null) {
                return stream;
            }
        }
        var fresh = new SharedConnection(this, now());
        connections.add(fresh);
        return Objects.requireNonNull(fresh.take(call));
    }

    private void goesOverHttp1(SharedConnection connection) {
        LOG.info("The upstream chose HTTP/1.1");
        http1Since = now();
        connection.leave().forEach(overHttp1);
    }
}
