package dev.warder.exchange.down;

/** Allows the upstream to send more of a response. Thread-safe. */
public interface Flow {
    /** The client took {@code bytes} of the upstream's, or they were stored elsewhere: as many more may come. */
    void taken(int bytes);
}
