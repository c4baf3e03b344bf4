package dev.warder.quota;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that gets parts of limits from the database, and gives them back. While the database cannot be used, each
 * node permits its part of each limit: a rate is no reason to refuse everything. Thread-safe.
 */
final class ShareKeeper extends Keeper {
    private static final Logger LOG = LoggerFactory.getLogger(ShareKeeper.class);

    private static final long ACTIVE_MILLIS = 250;
    private static final long IDLE_MILLIS = 1000;
    private static final long BEAT = Duration.ofSeconds(5).toNanos();

    /** How long requests wait for a database that does not respond. */
    private static final long LONGEST_ASK = Duration.ofSeconds(2).toNanos();

    private final LimitStore store;
    private final NodeLimits limits;
    private final Runnable serve;
    private final UUID run = UUID.randomUUID();
    private long beatAt;
    private volatile int nodes = 1;

    /** When the exchange began that is under way; 0 if none is. */
    private volatile long askedAt;

    /**
     * @param serve decides about the requests that wait
     * @param nanoTime a clock that never goes back
     */
    ShareKeeper(LimitStore store, NodeLimits limits, Runnable serve, ThreadFactory threads, LongSupplier nanoTime) {
        super("Rate limits", "each node permits its part of each limit", threads, nanoTime);
        this.store = store;
        this.limits = limits;
        this.serve = serve;
        beatAt = nanoTime.getAsLong() - BEAT;
    }

    void start() {
        thread.start();
    }

    /** To be called while requests wait: they do not wait for a database that does not respond. */
    void notice() {
        long since = askedAt;
        if (since != 0 && nanoTime.getAsLong() - since > LONGEST_ASK) {
            share(true);
        }
    }

    @Override
    long look() {
        boolean due = limits.isUsed() && (isAway() || nanoTime.getAsLong() - beatAt >= BEAT);
        if (!due && !limits.isActive()) {
            return IDLE_MILLIS;
        }
        boolean fails = true;
        try {
            exchange();
            fails = false;
        } catch (SQLException failed) {
            LOG.debug("rate limits were not exchanged (SQL state {})", failed.getSQLState());
        } finally {
            askedAt = 0;
            share(fails);
            serve.run();
        }
        return isAway() || !limits.isActive() ? IDLE_MILLIS : ACTIVE_MILLIS;
    }

    /** Part by part: what one has got is not lost when a later one fails, and what requests wait for is in the next one. */
    private void exchange() throws SQLException {
        // While it is away, this shows whether it is back.
        beat(isAway());
        boolean more = true;
        while (more) {
            more = limits.lookAtKept();
        }
        int due = limits.due();
        int looked = due;
        while (due > 0 && looked > 0) {
            beat(false);
            looked = exchangePart();
            due -= looked;
            if (limits.waiting() > 0) {
                serve.run();
            }
        }
    }

    private void beat(boolean now) throws SQLException {
        if (now || nanoTime.getAsLong() - beatAt >= BEAT) {
            markAsked();
            nodes = Math.max(1, store.beat(run));
            askedAt = 0;
            beatAt = nanoTime.getAsLong();
        }
    }

    private int exchangePart() throws SQLException {
        var wishes = limits.wishes();
        var refills = List.copyOf(wishes.refills().values());
        var slots = List.copyOf(wishes.slots().values());
        if (refills.size() + slots.size() > 0) {
            markAsked();
            limits.exchanged(wishes, store.exchange(run, refills, slots));
            askedAt = 0;
        }
        return wishes.looked();
    }

    /** A transaction begins, during which requests do not wait too long for the database. */
    private void markAsked() {
        // Never 0, which stands for none.
        askedAt = nanoTime.getAsLong() | 1;
    }

    private synchronized void share(boolean fails) {
        report(fails);
        limits.share(fails, nodes);
    }

    @Override
    void giveBack() {
        limits.endSharing();
        try {
            // With all its slots.
            store.end(run);
            int looked = 1;
            while (looked > 0) {
                looked = exchangePart();
            }
        } catch (SQLException failed) {
            LOG.debug("rate limits were not given back (SQL state {})", failed.getSQLState());
        }
    }
}
