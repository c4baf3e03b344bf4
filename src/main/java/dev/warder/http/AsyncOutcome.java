package dev.warder.http;

import java.util.Optional;

/** Receives the outcome of a request. */
@FunctionalInterface
public interface AsyncOutcome {
    /** The ways in which a request ends without its reply. */
    enum End {
        /** The limit of 30 s was exceeded. */
        TIMED_OUT,
        CLIENT_GONE,
        FAILED
    }

    /** Called when the request ends without its reply, on any thread. Only the first call counts. */
    void ended(End how);

    default Optional<AsyncReply> late() {
        return Optional.empty();
    }
}
