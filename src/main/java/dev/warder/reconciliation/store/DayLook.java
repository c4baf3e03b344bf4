package dev.warder.reconciliation.store;

import java.time.LocalDate;
import java.util.Map;

/**
 * What a look at a day has found. Immutable.
 *
 * @param lines both sides of each line of the day
 * @param otherNanos the cost in the reports that belongs to none of the credentials, in nano-dollars
 * @param otherTokens the tokens in the reports that belong to none of the credentials
 */
public record DayLook(LocalDate day, Map<LineId, Comparison> lines, long otherNanos, long otherTokens) {
    /** Copies the map, and refuses lines of another day. */
    public DayLook {
        lines = Map.copyOf(lines);
        if (lines.keySet().stream().anyMatch(line -> !line.day().equals(day))) {
            throw new IllegalArgumentException("a line is of another day");
        }
    }
}
