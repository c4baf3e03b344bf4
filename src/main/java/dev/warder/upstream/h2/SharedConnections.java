package dev.warder.upstream.h2;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import org.apache.hc.core5.http.HttpHost;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP/2 connections to one origin, each shared by many exchanges. HttpClient 5.6.5 cannot do this. Where its pool shares connections (pull
 * request 602 of httpcomponents-client), the failure or cancellation of one exchange closes the connection under all
 * others. It also ignores how many streams the upstream accepts (pull request 666 of httpcomponents-core proposes a pool
 * that does not). Therefore this class is built on HttpCore, and leaves an upstream that chooses HTTP/1.1 to HttpClient.
 *
 * <p>Thread-safe.
 */
public final class SharedConnections {
    private static final Logger LOG = LoggerFactory.getLogger(SharedConnections.class);

    /** How long HTTP/1.1 is used before HTTP/2 is offered again. */
    private static final long HTTP1_NANOS = 600_000_000_000L;

    private final List<SharedConnection> connections = new CopyOnWriteArrayList<>();
    final HttpHost host;
    final SharedReactor reactor;
    private final LongSupplier nanoTime;
    private volatile @Nullable Long http1Since;

    /**
     * @param reactor runs them; the owner starts and closes it
     * @param nanoTime a clock that never goes back
     */
    public SharedConnections(HttpHost host, SharedReactor reactor, LongSupplier nanoTime) {
        this.host = host;
        this.reactor = reactor;
        this.nanoTime = nanoTime;
    }

    /**
     * Makes an exchange, on a connection with a free place or on a new one. If the upstream chose HTTP/1.1, returns the exchange by
     * {@link StreamExchange#overHttp1}.
     */
    public void execute(StreamExchange exchange) {
        execute(new SharedExchange(exchange));
    }

    void execute(SharedExchange exchange) {
        var since = http1Since;
        if (since != null && now() - since < HTTP1_NANOS) {
            exchange.exchange().overHttp1();
            return;
        }
        SharedStream stream;
        boolean wanted;
        synchronized (this) {
            stream = place(exchange);
            wanted = exchange.exchange().carriedBy(stream::cancel);
        }
        if (!wanted) {
            stream.cancel();
        }
        stream.connection.beginWaiting();
    }

    void forget(SharedConnection connection) {
        connections.remove(connection);
    }

    /** Checks all connections; to be called a few times a second. */
    public void tidy() {
        long now = now();
        connections.forEach(connection -> connection.tidy(now));
    }

    public boolean isEmpty() {
        return connections.isEmpty();
    }

    public int busy() {
        return (int) connections.stream().filter(SharedConnection::isBusy).count();
    }

    public int idle() {
        return connections.size() - busy();
    }

    long now() {
        return nanoTime.getAsLong();
    }

    @GuardedBy("this")
    private SharedStream place(SharedExchange exchange) {
        for (var connection : connections) {
            var stream = connection.take(exchange);
            if (stream != null) {
                return stream;
            }
        }
        var fresh = new SharedConnection(this, now());
        connections.add(fresh);
        return Objects.requireNonNull(fresh.take(exchange));
    }

    /** The upstream speaks HTTP/1.1 over this connection. */
    void goesOverHttp1(SharedConnection connection) {
        LOG.info("The upstream chose HTTP/1.1");
        http1Since = now();
        connection.leave().forEach(exchange -> exchange.exchange().overHttp1());
    }

    /**
     * An exchange on its way to a stream of a connection.
     *
     * @param sends how often its head was sent before
     * @param moves how often since then it waited on a connection that ended before its head was sent
     */
    record SharedExchange(StreamExchange exchange, int sends, int moves) {
        private static final int MOST_SENDS = 3;

        /** Each move is to a fresh connection, so only an upstream that ends every connection uses them up. */
        private static final int MOST_MOVES = 3;

        SharedExchange(StreamExchange exchange) {
            this(exchange, 0, 0);
        }

        Optional<SharedExchange> again() {
            return sends + 1 < MOST_SENDS ? Optional.of(new SharedExchange(exchange, sends + 1, 0)) : Optional.empty();
        }

        Optional<SharedExchange> moved() {
            return moves < MOST_MOVES ? Optional.of(new SharedExchange(exchange, sends, moves + 1)) : Optional.empty();
        }

        boolean wantsFreshConnection() {
            return moves > 0;
        }
    }
}
