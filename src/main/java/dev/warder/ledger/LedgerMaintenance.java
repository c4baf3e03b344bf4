package dev.warder.ledger;

import dev.warder.ledger.store.Rollup;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The periodic work in the database: counts by minute and hour, rows and charges that are too old, and intents that
 * nodes of older versions have left. One thread at a time.
 */
final class LedgerMaintenance implements LedgerWriter.Maintenance {
    private static final Logger LOG = LoggerFactory.getLogger(LedgerMaintenance.class);
    private static final Duration ALIVE = Duration.ofSeconds(10);
    private static final Duration ROLLUP = Duration.ofSeconds(30);
    private static final Duration RETENTION = Duration.ofMinutes(10);
    private static final Duration SOON = Duration.ofSeconds(1);

    /** More than plots need, for those who read the table. */
    private static final Duration MINUTES_KEPT = Duration.ofDays(8);

    /** Plots of up to a day use the minutes. */
    private static final Duration USAGE_MINUTES_KEPT = Duration.ofDays(2);

    private static final int DELETED_AT_ONCE = 1000;

    private final DatabaseStore store;
    private final Rollup rollup;
    private final Duration retention;
    private final InstantSource clock;
    private boolean begun;
    private long aliveAt;
    private long rollupAt;
    private long retentionAt;

    LedgerMaintenance(DatabaseStore store, Rollup rollup, Duration retention, InstantSource clock) {
        this.store = store;
        this.rollup = rollup;
        this.retention = retention;
        this.clock = clock;
    }

    @Override
    public void run(long nanoTime) throws SQLException {
        if (!begun) {
            begun = true;
            aliveAt = nanoTime;
            rollupAt = nanoTime + ROLLUP.toNanos();
            retentionAt = nanoTime;
        }
        if (nanoTime - aliveAt >= 0) {
            lookAtNodes();
            aliveAt = nanoTime + ALIVE.toNanos();
        }
        if (nanoTime - rollupAt >= 0) {
            writeRollup();
            rollupAt = nanoTime + ROLLUP.toNanos();
        }
        if (nanoTime - retentionAt >= 0) {
            // Before the attempt: one that fails each time must not be the only thing that is tried.
            retentionAt = nanoTime + RETENTION.toNanos();
            if (deleteOld()) {
                retentionAt = nanoTime + SOON.toNanos();
            }
        }
    }

    private void lookAtNodes() throws SQLException {
        int settled = store.settleLeft(clock.instant());
        if (settled > 0) {
            LOG.warn("{} requests of a node that no longer runs have no known outcome", settled);
        }
    }

    private boolean deleteOld() throws SQLException {
        var now = clock.instant();
        store.deleteRollups(now.minus(MINUTES_KEPT), now.minus(retention));
        store.deleteUsage(now.minus(USAGE_MINUTES_KEPT), now.minus(retention));
        boolean moreCharges = store.deleteBudgets(now.minus(retention)) >= DELETED_AT_ONCE;
        return store.deleteRows(now.minus(retention)) >= DELETED_AT_ONCE || moreCharges;
    }

    /** Writes what has been counted so far. */
    void writeRollup() throws SQLException {
        var asOf = clock.instant();
        var entries = rollup.entries();
        if (!entries.isEmpty()) {
            store.write(entries);
            rollup.written(entries, asOf);
        }
    }
}
