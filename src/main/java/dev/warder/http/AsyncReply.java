package dev.warder.http;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;

/** A response that an {@link AsyncResponse} sends. One thread at a time. */
public interface AsyncReply {
    byte[] body();

    /**
     * The next piece of a body that is longer than can be kept; most replies have none. Not asked again after an empty piece,
     * which ends the body.
     *
     * @param resume to be run once, on any thread, when the piece is there, if this call returns nothing
     * @return empty when the piece is not there yet
     */
    default Optional<byte[]> next(Runnable resume) {
        return Optional.of(new byte[0]);
    }

    void head(HttpServletResponse response);

    void written() throws IOException;

    /** Receives the outcome of a request. */
    @FunctionalInterface
    interface AsyncOutcome {
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
}
