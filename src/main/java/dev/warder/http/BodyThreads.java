package dev.warder.http;

import dev.warder.container.ChunkedReads;
import jakarta.servlet.http.HttpServletRequest;
import java.util.concurrent.Executor;

/** The threads that read request bodies. */
public final class BodyThreads {
    private BodyThreads() {}

    /** Those of {@link ChunkedReads} for a chunked body; the calling thread for any other. */
    public static Executor of(HttpServletRequest request) {
        return request.getHeader("transfer-encoding") == null
                ? Runnable::run
                : Attributes.get(request.getServletContext(), ChunkedReads.class)
                        .threads();
    }
}
