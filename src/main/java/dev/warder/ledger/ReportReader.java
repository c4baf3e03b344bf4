package dev.warder.ledger;

import dev.warder.ledger.LedgerReport.Requests;
import dev.warder.ledger.LedgerReport.Times;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Makes reports of what a store has and of what was counted in this process. The counts in memory are newer than those that this
 * run has written for the same time, and replace them.
 */
record ReportReader(LedgerStore store, Rollup rollup) {
    LedgerReport read(LedgerPeriod period) throws SQLException {
        // Before the store is read: what is forgotten meanwhile was written.
        var open = rollup.entries(period.step(), period.from(), period.to());
        var stored = store.sums(period);
        var slots = new TreeMap<Instant, Rollup.Counts>();
        open.forEach((starts, counts) -> slot(slots, period, starts).add(counts));
        for (var written : stored.counts()) {
            if (!(written.own() && open.containsKey(written.starts()))) {
                slot(slots, period, written.starts()).add(written.counts());
            }
        }
        var all = new Rollup.Counts();
        slots.values().forEach(all::add);
        return new LedgerReport(
                requests(slots),
                Times.of(all.firstByte()),
                Times.of(all.added()),
                stored.usage(),
                stored.clients(),
                stored.models(),
                stored.sessions());
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
