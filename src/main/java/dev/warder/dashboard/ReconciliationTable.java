package dev.warder.dashboard;

import dev.warder.reconciliation.ReconciliationReport;
import dev.warder.reconciliation.store.ReconciliationLine;
import java.util.List;

/** The lines of a day as a table. */
final class ReconciliationTable {
    /** What is less would be shown as nothing. */
    private static final long LEAST = 100_000;

    private ReconciliationTable() {}

    static Table of(ReconciliationReport report, List<ReconciliationLine> lines) {
        var table = Table.with(
                "Model",
                "Credential",
                "Anthropic",
                "Ledger",
                "Rows",
                "Difference",
                "Booked",
                "Not booked",
                "Tokens differ by",
                "State");
        for (var line : lines) {
            var sides = line.sides();
            table.row(
                    Cell.text(line.id().model()),
                    Cell.text(line.id().credential()),
                    Cell.dollars(sides.report().nanos()),
                    Cell.dollars(sides.ledger().nanos()),
                    Cell.count(sides.rows()),
                    dollars(sides.difference()),
                    dollars(line.booked()),
                    dollars(line.open()),
                    Cell.count(sides.distance()),
                    Cell.text(report.state(line) + (line.isUnexplained() ? ", unexplained" : "")));
        }
        return table.table();
    }

    private static Cell dollars(long nanos) {
        return Cell.number(signed(nanos), Shown.exactDollars(nanos).toPlainString());
    }

    /** What is less has a minus sign, and what is more a plus sign. */
    static String signed(long nanos) {
        String sign = nanos < 0 ? "\u2212" : nanos > 0 ? "+" : "";
        return sign + (nanos != 0 && Math.abs(nanos) < LEAST ? "<$0.0001" : Shown.dollars(Math.abs(nanos)));
    }
}
