package dev.warder.record;

/**
 * Receives each request. It is called on the thread that begins or ends the request, which may be a reactor thread: it
 * must not wait. Its exceptions are logged and have no other effect.
 */
public interface RequestObserver {
    /** A request has come; exactly one {@link #completed} follows. */
    default void begun() {}

    /** A request has ended. */
    void completed(CompletedRequest request);
}
