package dev.warder.record;

/**
 * Receives each request. {@link #begun} runs on the container's thread, {@link #completed} on that or on the
 * {@link ObserverThread}: waiting there delays other observers and requests to which Warder itself responds. Its
 * exceptions are logged and have no other effect. Thread-safe.
 */
public interface RequestObserver {
    /** A request has come; exactly one {@link #completed} follows. */
    default void begun() {}

    /** A request has ended. */
    void completed(CompletedRequest request);
}
