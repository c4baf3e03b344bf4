package dev.warder.failover;

/** The call of one try. Thread-safe. */
public interface TriedCall {
    /** Whether any of the request may have been sent. */
    boolean isSent();

    /** Stops it, perhaps before it has begun. */
    void cancel();
}
