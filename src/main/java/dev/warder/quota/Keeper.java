package dev.warder.quota;

import dev.warder.container.RepeatingThread;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that gets amounts from the database for this node, and gives them back. No request waits for it while what the node has
 * suffices. Thread-safe.
 */
abstract class Keeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);

    private static final long END_MILLIS = 4000;

    final LongSupplier nanoTime;
    final RepeatingThread thread;
    private final String amounts;
    private final String meanwhile;
    private volatile boolean away;

    /**
     * @param amounts the beginning of its lines in the log
     * @param meanwhile what happens while the database cannot be used
     */
    Keeper(String amounts, String meanwhile, ThreadFactory threads, LongSupplier nanoTime) {
        this.amounts = amounts;
        this.meanwhile = meanwhile;
        this.nanoTime = nanoTime;
        this.thread = new RepeatingThread(this::look, this::giveBack, threads);
    }

    /** Asks the database for what is due; the longest pause until the next time, in milliseconds. */
    abstract long look();

    /** The last that the thread does; does not throw. */
    abstract void giveBack();

    void ask() {
        thread.wake();
    }

    final boolean isAway() {
        return away;
    }

    /** Notes that the database cannot be used, or can; one thread at a time. */
    final void report(boolean now) {
        if (now && !away) {
            LOG.warn("{}: the database cannot be used; {}", amounts, meanwhile);
        } else if (!now && away) {
            LOG.info("{}: the database can be used again", amounts);
        }
        away = now;
    }

    /** To be called after the last request has ended. */
    @Override
    public void close() {
        thread.end(END_MILLIS);
    }
}
