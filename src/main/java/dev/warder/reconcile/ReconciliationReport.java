package dev.warder.reconcile;

import dev.warder.reconcile.Reconciliation.ReconciliationStatus;
import java.time.LocalDate;
import java.util.List;

/**
 * The days of a range with their lines. Immutable.
 *
 * @param from the first day
 * @param to the last day
 * @param days those that were compared, in their order
 * @param lines the last day first
 * @param cut whether there are more lines
 * @param status of this node
 */
public record ReconciliationReport(
        LocalDate from,
        LocalDate to,
        List<ReconciliationDay> days,
        List<ReconciliationLine> lines,
        boolean cut,
        ReconciliationStatus status) {
    public ReconciliationReport {
        days = List.copyOf(days);
        lines = List.copyOf(lines);
    }

    public String state(ReconciliationLine line) {
        if (line.isBooked()) {
            return "booked";
        }
        return days.stream().anyMatch(day -> day.day().equals(line.id().day()) && day.settled()) ? "settled" : "open";
    }
}
