package dev.warder.reconciliation.store;

import java.time.LocalDate;
import java.util.Comparator;

/**
 * Identifies a line. The order is that of lists. Immutable.
 *
 * @param day in UTC
 * @param model the name without a date at its end
 * @param credential the name of a managed credential, which is not its value
 */
public record LineId(LocalDate day, String model, String credential) implements Comparable<LineId> {
    private static final Comparator<LineId> ORDER =
            Comparator.comparing(LineId::day).thenComparing(LineId::model).thenComparing(LineId::credential);

    @Override
    public int compareTo(LineId other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return day + " " + model + " by " + credential;
    }
}
