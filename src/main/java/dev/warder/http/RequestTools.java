package dev.warder.http;

import dev.warder.container.ChunkedReads;
import dev.warder.container.Container;
import dev.warder.container.ReadTurns;
import dev.warder.container.SerialTurn;
import dev.warder.container.TaskThreads;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;

/** The server, and the threads that read request bodies and write responses of Warder itself. Thread-safe. */
public record RequestTools(Container container, TaskThreads tasks, ChunkedReads chunked, Optional<ReadTurns> turns)
        implements AutoCloseable {
    /**
     * Creates no thread before one is needed.
     *
     * @param selectors runs a task in a later turn of a selector thread, where the container calls the application on these
     * @param threads makes threads that may be waited for when the application ends
     */
    public static RequestTools of(Container container, Optional<Executor> selectors, ThreadFactory threads) {
        return new RequestTools(
                container,
                new TaskThreads(container, threads),
                new ChunkedReads(container, threads),
                selectors.map(each -> new ReadTurns(each, threads)));
    }

    static RequestTools of(HttpServletRequest request) {
        return Application.of(request.getServletContext()).tools();
    }

    /**
     * The threads that read the body of a request: those of {@link ReadTurns} where the application has them; else those of
     * {@link ChunkedReads} for a chunked body, and the calling thread for any other.
     */
    public SerialTurn.Threads reading(HttpServletRequest request) {
        boolean isChunked = request.getHeader("transfer-encoding") != null;
        long length = isChunked ? Long.MAX_VALUE : request.getContentLengthLong();
        if (length <= 0) {
            return SerialTurn.Threads.of(SerialTurn.Threads.SAME);
        }
        if (turns.isPresent()) {
            var caller = Attributes.find(request, Caller.class);
            return turns.get().of(length, caller.isPresent() ? caller.get().name() : "");
        }
        return SerialTurn.Threads.of(isChunked ? chunked.threads() : SerialTurn.Threads.SAME);
    }

    /** Ends the threads after the submitted work. */
    @Override
    public void close() {
        try {
            chunked.close();
            if (turns.isPresent()) {
                turns.get().close();
            }
        } finally {
            tasks.close();
        }
    }
}
