package dev.warder.reconciliation;

import dev.warder.ledger.store.StoredText;
import dev.warder.reconciliation.report.AdminReports;
import dev.warder.reconciliation.report.DayReport;
import dev.warder.reconciliation.report.DayReport.Owner;
import dev.warder.reconciliation.report.DayReport.Share;
import dev.warder.reconciliation.report.KeyMap;
import dev.warder.reconciliation.report.ReportException;
import dev.warder.reconciliation.store.Comparison;
import dev.warder.reconciliation.store.DayLook;
import dev.warder.reconciliation.store.LineId;
import dev.warder.reconciliation.store.ReconciliationStore;
import dev.warder.reconciliation.store.Side;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** Compares single days. One thread at a time, which waits. */
final class Looker {
    /** Amounts of the reports have at least five digits after the point of a cent. */
    private static final long LINE_ROUNDING = 100;

    private static final int LONGEST_MODEL = 256;

    private final ReconciliationStore store;
    private final AdminReports reports;
    private final KeyMap map;
    private final UUID run;

    /** Another node has the lease. */
    static final class LeaseLostException extends Exception {
        private static final long serialVersionUID = 1;
    }

    /** @param run of this node, which has the lease */
    Looker(ReconciliationStore store, AdminReports reports, KeyMap map, UUID run) {
        this.store = store;
        this.reports = reports;
        this.map = map;
        this.run = run;
    }

    /** Looks at a day, keeps what it has found, and logs it. */
    void look(LocalDate day, Instant now)
            throws SQLException, ReportException, LeaseLostException, InterruptedException {
        DayReport report = read(day);
        var ledger = store.ledger(day, map.credentials());
        var saved = store.save(run, look(day, ledger, report));
        if (!saved.saved()) {
            throw new LeaseLostException();
        }
        DayLog.write(day, now, saved, report);
    }

    /** Failures of the database are {@link SQLException}s, which the checkpoint may throw too. */
    private DayReport read(LocalDate day)
            throws SQLException, ReportException, LeaseLostException, InterruptedException {
        var lost = new boolean[1];
        DayReport report;
        try {
            report = reports.<SQLException>read(day, () -> {
                if (!store.renew(run)) {
                    lost[0] = true;
                    throw new SQLException("the lease has ended");
                }
            });
        } catch (SQLException ended) {
            if (lost[0]) {
                throw new LeaseLostException();
            }
            throw ended;
        }
        return report;
    }

    static DayLook look(LocalDate day, Map<LineId, Comparison> ledger, DayReport report) {
        var lines = new HashMap<LineId, Comparison>();
        ledger.forEach((id, sides) -> {
            var share = report.shares().getOrDefault(new Owner(id.model(), id.credential()), Share.NONE);
            lines.put(id, both(sides, share));
        });
        report.shares().forEach((owner, share) -> {
            var id = new LineId(day, StoredText.of(owner.model(), LONGEST_MODEL), owner.credential());
            lines.computeIfAbsent(id, none -> both(Comparison.NONE, share));
        });
        return new DayLook(day, lines, report.otherNanos(), report.otherTokens());
    }

    /** The ledger rounds each row up to a nano-dollar. */
    private static Comparison both(Comparison ledger, Share share) {
        return new Comparison(
                ledger.rows(),
                ledger.ledger(),
                new Side(share.nanos(), share.counts()),
                ledger.rows() + LINE_ROUNDING * share.lines() + 1);
    }
}
