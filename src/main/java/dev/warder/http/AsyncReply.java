package dev.warder.http;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** A response that an {@link AsyncResponse} sends. One thread at a time. */
public interface AsyncReply {
    /** The body; may be empty. */
    byte[] body();

    /** Sets status and fields on a response that is not committed. */
    void head(HttpServletResponse response);

    /** Called after the container has received the whole body. */
    void written() throws IOException;
}
