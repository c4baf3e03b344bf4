package dev.warder.exchange.tries;

/** One try as it is sent. Thread-safe. */
public interface SentTry {
    /** Whether any of the request may have been sent. */
    boolean hasBegun();

    /** Stops it, perhaps before it has begun. */
    void cancel();
}
