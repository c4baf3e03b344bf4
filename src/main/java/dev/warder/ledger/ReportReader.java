package dev.warder.ledger;

import dev.warder.database.SchemaException;
import dev.warder.ledger.DatabaseStore.Shared;
import dev.warder.ledger.store.LedgerPeriod;
import dev.warder.ledger.store.LedgerReport;
import dev.warder.ledger.store.LedgerReport.Requests;
import dev.warder.ledger.store.LedgerReport.Times;
import dev.warder.ledger.store.Rollup;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes reports of what a store has and of what was counted in this process. The counts in memory are newer than those that this
 * process has written for the same time, and replace them. A part that fails is left out; after a failure of the connection the
 * parts after it are left out too, so that a caller waits only once for a database that is away.
 */
record ReportReader(DatabaseStore store, Rollup rollup) {
    private static final Logger LOG = LoggerFactory.getLogger(ReportReader.class);

    /** One report. One thread at a time. */
    private static final class Parts {
        private boolean away;

        private interface Part<T> {
            T read() throws SQLException;
        }

        <T> Optional<T> part(Part<T> part) {
            if (away) {
                return Optional.empty();
            }
            try {
                return Optional.of(part.read());
            } catch (SQLException | RuntimeException failed) {
                LOG.debug(
                        "a part of a report of the ledger cannot be read: {}",
                        failed.getClass().getSimpleName());
                away = failed instanceof SchemaException || failed instanceof SQLException sql && isConnection(sql);
                return Optional.empty();
            }
        }

        private static boolean isConnection(SQLException failed) {
            return Objects.requireNonNullElse(failed.getSQLState(), "").startsWith("08");
        }
    }

    LedgerReport read(LedgerPeriod period) {
        var parts = new Parts();
        return new LedgerReport(
                parts.part(() -> counts(period)),
                parts.part(() -> store.usage(period)),
                parts.part(() -> store.shares(period, Shared.CLIENT)),
                parts.part(() -> store.shares(period, Shared.MODEL)),
                // The last: it alone reads rows of the ledger.
                parts.part(() -> store.shares(period, Shared.SESSION)));
    }

    private LedgerReport.Counts counts(LedgerPeriod period) throws SQLException {
        // Before the store is read: what is forgotten meanwhile was written.
        var open = rollup.entries(period.step(), period.from(), period.to());
        var slots = new TreeMap<Instant, Rollup.Counts>();
        open.values().forEach(each -> slot(slots, period, each.slot().starts()).add(each.counts()));
        for (var written : store.counts(period)) {
            if (!open.containsKey(written.id())) {
                slot(slots, period, written.starts()).add(written.counts());
            }
        }
        var all = new Rollup.Counts();
        slots.values().forEach(all::add);
        return new LedgerReport.Counts(requests(slots), Times.of(all.firstByte()), Times.of(all.added()));
    }

    private static Rollup.Counts slot(Map<Instant, Rollup.Counts> slots, LedgerPeriod period, Instant starts) {
        return slots.computeIfAbsent(period.slotOf(starts), none -> new Rollup.Counts());
    }

    private static List<Requests> requests(Map<Instant, Rollup.Counts> slots) {
        return slots.entrySet().stream()
                .map(each -> requests(each.getKey(), each.getValue()))
                .toList();
    }

    private static Requests requests(Instant starts, Rollup.Counts counts) {
        return new Requests(
                starts,
                counts.requests(),
                counts.refusals(),
                counts.failures(),
                Times.of(counts.firstByte()),
                Times.of(counts.added()));
    }
}
