package dev.warder.standalone;

import java.util.function.IntConsumer;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Ends the process after an {@link OutOfMemoryError} was logged, or ended a thread. The work of that thread is lost, and a
 * supervisor starts a new process sooner than this one recovers. The class is a handler of the root logger, because the
 * application logs such errors on every server, and only this process is ours to end. Thread-safe.
 *
 * <p>{@code -XX:+ExitOnOutOfMemoryError} does the same, also for errors that are never logged, but a manifest cannot contain
 * it.
 */
final class OutOfMemory extends Handler {
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

    /** Observes every log record and every thread of this process. */
    static void endsTheProcess() {
        // Not System.exit: shutdown hooks need memory, and may wait for the thread that failed.
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

    @SuppressWarnings("SystemOut")
    private void endFor(@Nullable Throwable fault) {
        var cause = fault;
        for (int i = 0; cause != null && i < MOST_CAUSES; i++) {
            if (cause instanceof OutOfMemoryError) {
                try {
                    System.err.print(LAST_LINE);
                } finally {
                    exit.accept(EXIT_CODE);
                }
                return;
            }
            cause = cause.getCause();
        }
    }

    @Override
    public void flush() {
        // Nothing is buffered.
    }

    @Override
    public void close() {
        // No resource is held.
    }
}
