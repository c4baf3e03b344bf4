package dev.warder.record;

/**
 * Receives each request. {@link #begun} runs on the container's thread. {@link #completed} runs on the {@link ObserverThread},
 * or on the thread that ends the request, which may be the one that serves all streams: it must not wait. Exceptions are
 * logged and have no other effect. Thread-safe.
 */
public interface RequestObserver {
    default void begun() {}

    void completed(CompletedRequest request);

    default void lost(String requestId) {}
}
