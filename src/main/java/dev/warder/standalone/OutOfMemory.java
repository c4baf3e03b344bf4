package dev.warder.standalone;

import java.util.function.IntConsumer;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Ends the process after an {@link OutOfMemoryError} was logged by anybody, or left a thread: whatever that thread was
 * doing is lost, and a supervisor starts a sound process sooner than this one recovers. Sees the error as a handler of
 * the root logger, since the application has a class loader of its own and knows nothing of this. Thread-safe.
 *
 * <p>{@code -XX:+ExitOnOutOfMemoryError} does the same for errors that are never logged, but no manifest can carry it.
 */
final class OutOfMemory extends Handler {
    /** That of {@code -XX:+ExitOnOutOfMemoryError}. */
    static final int EXIT_CODE = 3;

    private static final Logger LOG = Logger.getLogger(OutOfMemory.class.getName());
    private static final int MOST_CAUSES = 16;
    private static final String LAST_LINE =
            "warder: out of memory, the process ends; start it with a larger -Xmx or lower limits\n";

    private final IntConsumer exit;

    /** @param exit ends the process with this code at once */
    OutOfMemory(IntConsumer exit) {
        this.exit = exit;
    }

    /** Watches every log record and every thread of this process. */
    static void endsTheProcess() {
        // Not System.exit: what runs then needs memory, and may wait for the very thread that failed.
        var handler = new OutOfMemory(code -> Runtime.getRuntime().halt(code));
        Logger.getLogger("").addHandler(handler);
        Thread.setDefaultUncaughtExceptionHandler(handler::uncaught);
    }

    void uncaught(Thread thread, Throwable fault) {
        try {
            LOG.log(Level.SEVERE, "The thread " + thread.getName() + " ended by a fault", fault);
        } finally {
            endFor(fault);
        }
    }

    @Override
    public void publish(LogRecord entry) {
        endFor(entry.getThrown());
    }

    private void endFor(@Nullable Throwable fault) {
        var cause = fault;
        for (int i = 0; cause != null && i < MOST_CAUSES; i++) {
            if (cause instanceof OutOfMemoryError) {
                end();
                return;
            }
            cause = cause.getCause();
        }
    }

    @SuppressWarnings("SystemOut")
    private void end() {
        try {
            System.err.print(LAST_LINE);
        } finally {
            exit.accept(EXIT_CODE);
        }
    }

    @Override
    public void flush() {
        // Nothing is kept.
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
