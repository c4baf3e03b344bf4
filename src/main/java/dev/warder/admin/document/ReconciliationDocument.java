package dev.warder.admin.document;

import dev.warder.reconciliation.ReconciliationReport;
import dev.warder.reconciliation.store.Adjustment;
import dev.warder.reconciliation.store.ReconciliationDay;
import dev.warder.reconciliation.store.ReconciliationLine;
import dev.warder.reconciliation.store.Side;
import jakarta.json.bind.annotation.JsonbPropertyOrder;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Reconciliation in the JSON for programs. Amounts are US dollars as text, times RFC 3339. Immutable.
 *
 * @param failure why the last look of this node has failed
 * @param more whether there are lines that are not listed
 */
@JsonbPropertyOrder({"from", "to", "looking", "lastLook", "failure", "days", "lines", "more"})
public record ReconciliationDocument(
        String from,
        String to,
        boolean looking,
        Optional<String> lastLook,
        Optional<String> failure,
        List<Day> days,
        List<Line> lines,
        boolean more) {
    /** The document of a report. */
    public static ReconciliationDocument of(ReconciliationReport report) {
        return new ReconciliationDocument(
                report.from().toString(),
                report.to().toString(),
                report.status().looking(),
                report.status().lastLook().map(Instant::toString),
                report.status().failure(),
                report.days().stream().map(day -> Day.of(report, day)).toList(),
                report.lines().stream().map(line -> Line.of(report, line)).toList(),
                report.cut());
    }

    /**
     * A day that was compared, with what the reports have of other keys.
     *
     * @param version what is open of it; empty if not all its lines are listed
     */
    @JsonbPropertyOrder({"day", "settled", "lookedAt", "otherCost", "otherTokens", "version"})
    record Day(
            String day,
            boolean settled,
            String lookedAt,
            String otherCost,
            long otherTokens,
            Optional<String> version) {
        private static Day of(ReconciliationReport report, ReconciliationDay day) {
            return new Day(
                    day.day().toString(),
                    day.settled(),
                    day.lookedAt().toString(),
                    BudgetDocument.dollars(day.otherNanos()),
                    day.otherTokens(),
                    report.version(day.day()));
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
            var counts = side.counts();
            return new Numbers(
                    BudgetDocument.dollars(side.nanos()),
                    counts.input(),
                    counts.write5m(),
                    counts.write1h(),
                    counts.read(),
                    counts.output(),
                    counts.searches());
        }
    }

    /** Bookings. */
    @JsonbPropertyOrder({"adjustments", "more"})
    public record Bookings(List<Booking> adjustments, boolean more) {
        /** The document of these adjustments. */
        public static Bookings of(List<Adjustment> all, boolean more) {
            return new Bookings(all.stream().map(Booking::of).toList(), more);
        }
    }

    /** A booking. The text form shows neither model nor credential. */
    @JsonbPropertyOrder({"day", "model", "credential", "booking", "amount", "reason", "by", "at"})
    public record Booking(
            String day,
            String model,
            String credential,
            int booking,
            String amount,
            String reason,
            String by,
            String at) {
        static Booking of(Adjustment adjustment) {
            return new Booking(
                    adjustment.id().day().toString(),
                    adjustment.id().model(),
                    adjustment.id().credential(),
                    adjustment.booking(),
                    BudgetDocument.dollars(adjustment.nanos()),
                    adjustment.reason(),
                    adjustment.by(),
                    adjustment.at().toString());
        }

        @Override
        public String toString() {
            return "Booking[" + day + "]";
        }
    }

    /** A look that begins soon. */
    @JsonbPropertyOrder("status")
    public record Looking(String status) {
        /** The only one. */
        public static final Looking SOON = new Looking("looking");
    }
}
