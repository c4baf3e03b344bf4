package dev.warder.record;

/**
 * Is shown each request. Called on whatever thread begins or ends the request, perhaps one of a reactor: it must not wait.
 * What it throws is logged and has no other effect.
 */
public interface RequestObserver {
    /** A request has come; exactly one {@link #completed} follows. */
    default void begun() {}

    /** A request has ended. */
    void completed(CompletedRequest request);
}
