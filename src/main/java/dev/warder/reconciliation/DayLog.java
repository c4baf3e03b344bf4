package dev.warder.reconciliation;

import dev.warder.reconciliation.report.DayReport;
import dev.warder.reconciliation.store.DayRule;
import dev.warder.reconciliation.store.ReconciliationLine;
import dev.warder.reconciliation.store.ReconciliationStore.Saved;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A line in the log for a day: when it was compared first, and each time its numbers change or it is settled. It is a warning if
 * something differs that neither rounding explains nor a booking covers, once numbers are no longer expected to be late.
 */
final class DayLog {
    private static final Logger LOG = LoggerFactory.getLogger(DayLog.class);
    private static final String LINE = "Reconciliation of {} ({}): ledger ${} in {} rows, reports ${}, difference ${},"
            + " booked ${}, tokens differ by {}, {} of {} lines unexplained, other keys ${}";
    private static final int NANO_DIGITS = 9;

    private DayLog() {}

    /** The sums of a day. */
    private record Sums(long ledger, long rows, long reports, long booked, long distance, long unexplained) {
        static Sums of(Saved saved) {
            var lines = saved.lines();
            return new Sums(
                    lines.stream()
                            .mapToLong(line -> line.sides().ledger().nanos())
                            .sum(),
                    lines.stream().mapToLong(line -> line.sides().rows()).sum(),
                    lines.stream()
                            .mapToLong(line -> line.sides().report().nanos())
                            .sum(),
                    lines.stream().mapToLong(ReconciliationLine::booked).sum(),
                    lines.stream().mapToLong(line -> line.sides().distance()).sum(),
                    lines.stream().filter(ReconciliationLine::isUnexplained).count());
        }
    }

    static void write(LocalDate day, Instant now, Saved saved, DayReport report) {
        if (!saved.changed()) {
            LOG.debug("The reports of {} have not changed", day);
            return;
        }
        var sums = Sums.of(saved);
        Object[] values = {
            day,
            saved.settled() ? "settled" : "open",
            dollars(sums.ledger),
            sums.rows,
            dollars(sums.reports),
            dollars(sums.reports - sums.ledger),
            dollars(sums.booked),
            sums.distance,
            sums.unexplained,
            saved.lines().size(),
            dollars(report.otherNanos())
        };
        if (sums.unexplained > 0 && (saved.settled() || DayRule.isLate(day, now))) {
            LOG.warn(LINE, values);
        } else {
            LOG.info(LINE, values);
        }
    }

    private static String dollars(long nanos) {
        return BigDecimal.valueOf(nanos, NANO_DIGITS).toPlainString();
    }
}
