package dev.warder.http;

import java.util.Optional;

/** Is informed how a request ends. */
@FunctionalInterface
public interface AsyncOutcome {
    /** How a request ends when its reply is not written. */
    enum End {
        /** 30 s are over. */
        TIMED_OUT,
        /** The client broke off. */
        CLIENT_GONE,
        /** This program or the container failed. */
        FAILED
    }

    /** The request ends without its reply; on any thread. Of several calls the first counts. */
    void ended(End how);

    /** The reply to send when none was found in time; empty to send nothing. */
    default Optional<AsyncReply> late() {
        return Optional.empty();
    }
}
