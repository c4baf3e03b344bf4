package dev.warder.ledger;

import dev.warder.database.DatabaseSchema.SchemaException;
import dev.warder.ledger.store.Backlog;
import dev.warder.ledger.store.Intent;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores the backlog, and does the ledger's periodic work in the database. One thread at a time calls {@link #tick}; the numbers
 * may be read on any thread.
 */
final class LedgerWriter {
    private static final Logger LOG = LoggerFactory.getLogger(LedgerWriter.class);
    private static final Duration LONGEST_TURN = Duration.ofSeconds(1);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final DatabaseStore store;
    private final Backlog backlog;
    private final Maintenance maintenance;
    private final LongSupplier nanoTime;
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong stored = new AtomicLong();
    private volatile boolean away;
    private long retryAt;

    /** Work in the database other than storing rows. */
    @FunctionalInterface
    interface Maintenance {
        void run(long nanoTime) throws SQLException;
    }

    LedgerWriter(DatabaseStore store, Backlog backlog, Maintenance maintenance, LongSupplier nanoTime) {
        this.store = store;
        this.backlog = backlog;
        this.maintenance = maintenance;
        this.nanoTime = nanoTime;
        this.retryAt = nanoTime.getAsLong();
    }

    /** Stores what there is; false if there is more, or if it cannot be stored now. */
    boolean tick() {
        if (away && nanoTime.getAsLong() - retryAt < 0) {
            return false;
        }
        try {
            boolean last = storeAll();
            if (backlog.keepsStored()) {
                store.makeDurable();
                backlog.durable();
            }
            maintenance.run(nanoTime.getAsLong());
            if (away) {
                LOG.info("The ledger's rows are stored again");
            }
            away = false;
            return last;
        } catch (SQLException | IOException failed) {
            if (!away) {
                LOG.warn("The ledger's rows wait: {}", reason(failed));
            }
            away = true;
            retryAt = nanoTime.getAsLong() + PAUSE.toNanos();
            return false;
        }
    }

    /** The next {@link #tick} asks the database, however short ago it failed. */
    void retryNow() {
        retryAt = nanoTime.getAsLong();
    }

    /** For at most a second, so that other work has its turn. */
    private boolean storeAll() throws SQLException, IOException {
        long end = nanoTime.getAsLong() + LONGEST_TURN.toNanos();
        while (nanoTime.getAsLong() - end < 0) {
            var batch = backlog.next();
            if (!batch.settled().isEmpty()) {
                store(batch.settled());
            }
            store.giveBack(batch.killed());
            backlog.stored();
            if (batch.last()) {
                return true;
            }
        }
        return false;
    }

    private void store(List<Intent.Settled> settled) throws SQLException {
        int without = store.store(settled);
        long rows = settled.stream().mapToLong(each -> each.rows().size()).sum();
        if (without > 0) {
            backlog.refused();
        }
        refused.addAndGet(without);
        stored.addAndGet(rows - without);
    }

    private static String reason(Exception failed) {
        if (failed instanceof SchemaException) {
            return SchemaException.TEXT;
        }
        return failed instanceof SQLException sql
                ? "jdbc/warder fails (SQL state " + sql.getSQLState() + ")"
                : "the journal cannot be read (" + failed.getClass().getSimpleName() + ")";
    }

    boolean away() {
        return away;
    }

    long stored() {
        return stored.get();
    }

    long refused() {
        return refused.get();
    }
}
