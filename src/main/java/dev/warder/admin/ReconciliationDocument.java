package dev.warder.admin;

import dev.warder.ledger.CsvText;
import dev.warder.reconcile.Comparison;
import dev.warder.reconcile.ReconciliationReport;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reconciliation for programs, as JSON or as CSV (RFC 4180) with a line of titles. Amounts are US dollars. Immutable.
 *
 * @param failure why the last comparison of this node has failed
 * @param more whether there are lines that are not listed
 */
record ReconciliationDocument(
        LocalDate from,
        LocalDate to,
        Optional<Instant> lastLook,
        Optional<String> failure,
        List<Day> days,
        List<Line> lines,
        boolean more) {
    private static final String TOKENS = "%s_cost,%s_input,%s_write_5m,%s_write_1h,%s_read,%s_output,%s_searches,";
    private static final String TITLES = "day,model,credential,state,unexplained,rows," + TOKENS.replace("%s", "ledger")
            + TOKENS.replace("%s", "report") + "difference,booked,not_booked,rounding,tokens_differ\r\n";

    static ReconciliationDocument of(ReconciliationReport report) {
        return new ReconciliationDocument(
                report.from(),
                report.to(),
                report.status().lastLook(),
                report.status().failure(),
                report.days().stream().map(Day::of).toList(),
                report.lines().stream().map(line -> Line.of(report, line)).toList(),
                report.cut());
    }

    String csv() {
        return lines.stream().map(Line::csv).collect(Collectors.joining("", TITLES, more ? "incomplete\r\n" : ""));
    }

    /** A day that was compared, with what the reports have of other keys. */
    private record Day(LocalDate day, boolean settled, Instant lookedAt, String otherCost, long otherTokens) {
        static Day of(ReconciliationReport.Day day) {
            return new Day(
                    day.day(),
                    day.settled(),
                    day.lookedAt(),
                    BudgetDocument.dollars(day.otherNanos()),
                    day.otherTokens());
        }
    }

    /** A line. The text form shows neither model nor credential. */
    private record Line(
            LocalDate day,
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
        static Line of(ReconciliationReport report, ReconciliationReport.Line line) {
            var sides = line.sides();
            return new Line(
                    line.id().day(),
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

        String csv() {
            var begin = Stream.of(day, CsvText.field(model), CsvText.field(credential), state, unexplained, rows);
            var sides = Stream.of(ledger, report).flatMap(Numbers::all);
            var end = Stream.of(difference, booked, notBooked, rounding, tokensDiffer);
            return Stream.of(begin, sides, end)
                    .flatMap(part -> part)
                    .map(Object::toString)
                    .collect(Collectors.joining(",", "", "\r\n"));
        }
    }

    /** One side of a line. */
    private record Numbers(String cost, long input, long write5m, long write1h, long read, long output, long searches) {
        static Numbers of(Comparison.Side side) {
            return new Numbers(
                    BudgetDocument.dollars(side.nanos()),
                    side.input(),
                    side.write5m(),
                    side.write1h(),
                    side.read(),
                    side.output(),
                    side.searches());
        }

        Stream<Object> all() {
            return Stream.of(cost, input, write5m, write1h, read, output, searches);
        }
    }
}
