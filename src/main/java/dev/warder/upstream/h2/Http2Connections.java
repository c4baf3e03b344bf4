package dev.warder.upstream.h2;

import java.util.function.LongSupplier;
import org.apache.hc.core5.util.Timeout;

/**
 * The HTTP/2 connections to the one upstream. Each carries many exchanges as streams. This is the interface of the package.
 * Thread-safe.
 */
public interface Http2Connections {
    /**
     * The connections to the upstream that {@code setup} names.
     *
     * @param nanoTime a clock that never goes back
     */
    static Http2Connections of(ConnectionSetup setup, LongSupplier nanoTime) {
        return new SharedConnections(setup, nanoTime);
    }

    /** Starts the reactor threads. */
    void start();

    /**
     * Makes an exchange, on a connection with a free place or on a new one. If the upstream chose HTTP/1.1, returns the exchange by
     * {@link StreamExchange#overHttp1}.
     */
    void execute(StreamExchange exchange);

    /** Checks all connections; to be called a few times a second. */
    void tidy();

    int busy();

    int idle();

    void close();

    /** Waits at most this long until the reactor threads have ended. */
    void awaitEnd(Timeout wait) throws InterruptedException;
}
