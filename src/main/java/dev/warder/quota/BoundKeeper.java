package dev.warder.quota;

import dev.warder.usage.RepeatingThread;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that reads what was learned of clients before, once, and keeps what is learned. Neither requests nor leases wait
 * for it, and its failures are without consequence: what is not read is assumed to be the most. Thread-safe.
 */
public final class BoundKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BoundKeeper.class);

    private static final long PAUSE_MILLIS = 30_000;
    private static final long END_MILLIS = 2000;

    /** No part begins later, so that the thread ends soon after the node has stopped to wait for it. */
    private static final long LONGEST_END = Duration.ofMillis(END_MILLIS).toNanos();

    private static final int PART = 200;

    private static final long DAY = Duration.ofDays(1).toNanos();

    private final BoundStore store;
    private final LearnedBounds learned;
    private final LongSupplier nanoTime;
    private final RepeatingThread thread;
    private boolean read;
    private long removedAt;
    private volatile boolean allowed;

    /** @param nanoTime a clock that never goes back, in nanoseconds */
    public BoundKeeper(BoundStore store, LearnedBounds learned, ThreadFactory threads, LongSupplier nanoTime) {
        this.store = store;
        this.learned = learned;
        this.nanoTime = nanoTime;
        this.thread = new RepeatingThread(this::keepIfAllowed, this::keepAll, threads);
        removedAt = nanoTime.getAsLong() - DAY;
    }

    /** Starts the thread, which reads nothing before it is allowed to. */
    public void start() {
        thread.start();
    }

    /** The database was reached, and has all tables: the leases come first. */
    public void allow() {
        if (!allowed) {
            allowed = true;
            thread.wake();
        }
    }

    private long keepIfAllowed() {
        if (allowed) {
            try {
                keep();
            } catch (SQLException | RuntimeException failed) {
                LOG.debug("bounds were not kept: {}", failed.getClass().getSimpleName());
            }
        }
        return PAUSE_MILLIS;
    }

    private void keep() throws SQLException {
        if (!read) {
            learned.addKept(store.read());
            read = true;
        }
        keep(learned.due());
        long now = nanoTime.getAsLong();
        if (now - removedAt >= DAY) {
            removedAt = now;
            store.removeOld();
        }
    }

    private void keep(List<KeptBound> bounds) throws SQLException {
        if (!bounds.isEmpty()) {
            store.keep(bounds);
            learned.kept(bounds);
        }
    }

    /** In parts, since a node that stops does not wait for a slow database. */
    private void keepAll() {
        try {
            long began = nanoTime.getAsLong();
            var changed = allowed ? learned.changed() : List.<KeptBound>of();
            for (int from = 0; from < changed.size() && nanoTime.getAsLong() - began < LONGEST_END; from += PART) {
                keep(changed.subList(from, Math.min(changed.size(), from + PART)));
            }
        } catch (SQLException | RuntimeException failed) {
            LOG.debug("bounds were not kept: {}", failed.getClass().getSimpleName());
        }
    }

    /** Keeps the rest. To be called after the last request has ended. */
    @Override
    public void close() {
        thread.end(END_MILLIS);
    }
}
