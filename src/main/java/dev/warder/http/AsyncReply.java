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
}
