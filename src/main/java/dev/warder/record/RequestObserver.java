package dev.warder.record;

/**
 * Receives each request. {@link #begun} runs on the container's thread. {@link #completed} runs on the {@link ObserverThread},
 * or on the thread that ends the request, which may be the one that serves all streams: it must not wait. Exceptions are
 * logged and have no other effect. Thread-safe.
 */
public interface RequestObserver {
    /** A request has come; exactly one {@link #completed} follows, or one {@link #lost}. */
    default void begun() {}

    /** A request has ended. */
    void completed(CompletedRequest request);

    /** The request with this id has ended, but a fault, such as a lack of memory, has kept its record from being made. */
    default void lost(String requestId) {}
}
