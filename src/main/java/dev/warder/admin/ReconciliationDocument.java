package dev.warder.admin;

import dev.warder.reconcile.ReconciliationDay;
import dev.warder.reconcile.ReconciliationLine;
import dev.warder.reconcile.ReconciliationReport;
import dev.warder.reconcile.Side;
import jakarta.json.bind.annotation.JsonbPropertyOrder;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Reconciliation in the JSON for programs. Amounts are US dollars as text, times RFC 3339. Immutable.
 *
 * @param failure why the last comparison of this node has failed
 * @param more whether there are lines that are not listed
 */
@JsonbPropertyOrder({"from", "to", "lastLook", "failure", "days", "lines", "more"})
public record ReconciliationDocument(
        String from,
        String to,
        Optional<String> lastLook,
        Optional<String> failure,
        List<Day> days,
        List<Line> lines,
        boolean more) {
    public static ReconciliationDocument of(ReconciliationReport report) {
        return new ReconciliationDocument(
                report.from().toString(),
                report.to().toString(),
                report.status().lastLook().map(Instant::toString),
                report.status().failure(),
                report.days().stream().map(Day::of).toList(),
                report.lines().stream().map(line -> Line.of(report, line)).toList(),
                report.cut());
    }

    /** A day that was compared, with what the reports have of other keys. */
    @JsonbPropertyOrder({"day", "settled", "lookedAt", "otherCost", "otherTokens"})
    record Day(String day, boolean settled, String lookedAt, String otherCost, long otherTokens) {
        private static Day of(ReconciliationDay day) {
            return new Day(
                    day.day().toString(),
                    day.settled(),
                    day.lookedAt().toString(),
                    BudgetDocument.dollars(day.otherNanos()),
                    day.otherTokens());
        }
    }

    /** A line. The text form shows neither model nor credential. */
    @JsonbPropertyOrder({
        "day",
        "model",
        "credential",
        "state",
        "unexplained",
        "rows",
        "ledger",
        "report",
        "difference",
        "booked",
        "notBooked",
        "rounding",
        "tokensDiffer"
    })
    record Line(
            String day,
            String model,
            String credential,
            String state,
            boolean unexplained,
            long rows,
            Numbers ledger,
            Numbers report,
            String difference,
            String booked,
            String notBooked,
            String rounding,
            long tokensDiffer) {
        static Line of(ReconciliationReport report, ReconciliationLine line) {
            var sides = line.sides();
            return new Line(
                    line.id().day().toString(),
                    line.id().model(),
                    line.id().credential(),
                    report.state(line),
                    line.isUnexplained(),
                    sides.rows(),
                    Numbers.of(sides.ledger()),
                    Numbers.of(sides.report()),
                    BudgetDocument.dollars(sides.difference()),
                    BudgetDocument.dollars(line.booked()),
                    BudgetDocument.dollars(line.open()),
                    BudgetDocument.dollars(sides.roundingNanos()),
                    sides.distance());
        }

        @Override
        public String toString() {
            return "Line[" + day + "]";
        }
    }

    /** One side of a line. */
    @JsonbPropertyOrder({"cost", "input", "write5m", "write1h", "read", "output", "searches"})
    record Numbers(String cost, long input, long write5m, long write1h, long read, long output, long searches) {
        private static Numbers of(Side side) {
            return new Numbers(
                    BudgetDocument.dollars(side.nanos()),
                    side.input(),
                    side.write5m(),
                    side.write1h(),
                    side.read(),
                    side.output(),
                    side.searches());
        }
    }
}
