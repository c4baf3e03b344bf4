package dev.warder.reconciliation;

import dev.warder.reconciliation.store.DayVersion;
import dev.warder.reconciliation.store.ReconciliationDay;
import dev.warder.reconciliation.store.ReconciliationLine;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

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
    /** Copies the lists. */
    public ReconciliationReport {
        days = List.copyOf(days);
        lines = List.copyOf(lines);
    }

    /** What is open of a day, see {@link DayVersion}; empty if not all lines of it are in the report. */
    public Optional<String> version(LocalDate day) {
        boolean isWhole = !cut || lines.get(lines.size() - 1).id().day().isBefore(day);
        return isWhole ? Optional.of(DayVersion.of(linesOf(day))) : Optional.empty();
    }

    private List<ReconciliationLine> linesOf(LocalDate day) {
        return lines.subList(firstNotAfter(day), firstNotAfter(day.minusDays(1)));
    }

    /** The index of the first line of this day or an earlier one; found by halves, since there may be many lines and days. */
    private int firstNotAfter(LocalDate day) {
        int low = 0;
        int high = lines.size();
        while (low < high) {
            int middle = (low + high) / 2;
            boolean isAfter = lines.get(middle).id().day().isAfter(day);
            low = isAfter ? middle + 1 : low;
            high = isAfter ? high : middle;
        }
        return low;
    }

    /** The state of a line: booked, settled or open. */
    public String state(ReconciliationLine line) {
        if (line.isBooked()) {
            return "booked";
        }
        return days.stream().anyMatch(day -> day.day().equals(line.id().day()) && day.settled()) ? "settled" : "open";
    }
}
