package dev.warder.exchange.tries;

/** One try as it is sent. Thread-safe. */
public interface SentTry {
    boolean hasBegun();

    void cancel();
}
