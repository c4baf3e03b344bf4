package dev.warder.http;

import dev.warder.container.ChunkedReads;
import dev.warder.container.ReadTurns;
import dev.warder.container.SerialTurn;
import jakarta.servlet.http.HttpServletRequest;

/** The threads that read request bodies. */
public final class BodyThreads {
    private BodyThreads() {}

    /**
     * Those of {@link ReadTurns} where the application has them; else those of {@link ChunkedReads} for a chunked body, and the
     * calling thread for any other.
     */
    public static SerialTurn.Threads of(HttpServletRequest request) {
        var application = request.getServletContext();
        boolean chunked = request.getHeader("transfer-encoding") != null;
        long length = chunked ? Long.MAX_VALUE : request.getContentLengthLong();
        if (length <= 0) {
            return SerialTurn.Threads.of(SerialTurn.Threads.SAME);
        }
        var turns = Attributes.find(application, ReadTurns.class);
        if (turns.isPresent()) {
            var caller = Attributes.find(request, Caller.class);
            return turns.get().of(length, caller.isPresent() ? caller.get().name() : "");
        }
        return SerialTurn.Threads.of(
                chunked ? Attributes.get(application, ChunkedReads.class).threads() : SerialTurn.Threads.SAME);
    }
}
