package dev.warder.admin;

/**
 * The numbers and operations of one deployed application, as the platform MBean
 * {@code dev.warder:type=Gateway,context="/…"}.
 */
public interface GatewayMXBean {
    /** How many exchanges are open. */
    int getOpenExchanges();

    /** How many connections to the upstream are in use. */
    int getUpstreamConnectionsLeased();

    /** How many connections to the upstream are open and idle. */
    int getUpstreamConnectionsIdle();

    /** Bytes of {@code limits.memory} that are granted to collected request bodies. */
    long getCollectedBytes();

    /** Requests that wait, unread, for room in {@code limits.memory}. */
    int getRequestsWaitingForMemory();

    /** The most bytes of an answer that were ever queued for one client. */
    long getLongestQueue();

    /** Threads of Warder's own that read from clients or write to them just now. */
    int getClientThreads();

    /** How many of those there may be; zero on servers where none are needed. */
    int getClientThreadsLimit();

    /** Requests that came to the first filter since the application was started. */
    long getRequestsBegun();

    /** Those of them that have ended. */
    long getRequestsCompleted();

    /** Whether the application is draining. */
    boolean isDraining();

    /** Takes no new requests from now on and lets open ones end. */
    void drain();
}
