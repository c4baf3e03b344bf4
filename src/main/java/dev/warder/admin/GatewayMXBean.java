package dev.warder.admin;

/**
 * The numbers and operations of one deployed application, as the platform MBean
 * {@code dev.warder:type=Gateway,context="/…"}.
 */
public interface GatewayMXBean {
    /** How many exchanges are open. */
    int getOpenExchanges();

    /** How many exchanges may be open, {@code limits.streams}. */
    int getOpenExchangesLimit();

    /** How many connections to the upstream are in use. */
    int getUpstreamConnectionsLeased();

    /** How many connections to the upstream are open and idle. */
    int getUpstreamConnectionsIdle();

    /** Bytes of {@code limits.memory} that are granted to collected request bodies, or held by bytes in transit. */
    long getCollectedBytes();

    /** {@code limits.memory}, in bytes. */
    long getCollectedBytesLimit();

    /** Requests that wait, unread, until memory is available in {@code limits.memory}. */
    int getRequestsWaitingForMemory();

    /** The most bytes of a response that were ever queued for one client. */
    long getLongestQueue();

    /** Warder's own threads that read from clients or write to them now. */
    int getClientThreads();

    /** The maximum of {@link #getClientThreads}; zero on servers where none are needed. */
    int getClientThreadsLimit();

    /** Requests that came to the first filter since the application was started. */
    long getRequestsBegun();

    /** Those of them that have ended. */
    long getRequestsCompleted();

    /** Changed files of the configuration that were reloaded. */
    long getConfigurationReloads();

    /** How often a changed file of the configuration could not be used, so that its former content stayed in use. */
    long getConfigurationReloadsRefused();

    /** Whether the application is draining. */
    boolean isDraining();

    /** Accepts no new requests from now on; open ones end normally. */
    void drain();
}
