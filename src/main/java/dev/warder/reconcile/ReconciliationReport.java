package dev.warder.reconcile;

import dev.warder.reconcile.Reconciliation.ReconciliationStatus;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.regex.Pattern;
import org.jdbi.v3.core.mapper.Nested;

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
        LocalDate from, LocalDate to, List<Day> days, List<Line> lines, boolean cut, ReconciliationStatus status) {
    public ReconciliationReport {
        days = List.copyOf(days);
        lines = List.copyOf(lines);
    }

    public String state(Line line) {
        if (line.isBooked()) {
            return "booked";
        }
        return days.stream().anyMatch(day -> day.day().equals(line.id().day()) && day.settled()) ? "settled" : "open";
    }

    /**
     * A day that was compared, or that a node is about to compare. Immutable.
     *
     * @param day in UTC
     * @param settled whether it was compared for the last time
     * @param lookedAt when a node has begun to compare it; an attempt that failed does not count
     * @param otherNanos the cost in the reports that belongs to none of the credentials, in nano-dollars
     * @param otherTokens the tokens in the reports that belong to none of the credentials; negative before the first comparison
     */
    public record Day(LocalDate day, boolean settled, Instant lookedAt, long otherNanos, long otherTokens) {
        boolean isCompared() {
            return otherTokens >= 0;
        }
    }

    /**
     * A line of a comparison, with the part of its difference that earlier versions have booked. Immutable.
     *
     * @param booked the sum of all bookings, in nano-dollars
     * @param bookings how many there are
     */
    public record Line(@Nested LineId id, @Nested Comparison sides, long booked, int bookings) {
        /** The part of the difference that is not booked, in nano-dollars. */
        public long open() {
            return sides.difference() - booked;
        }

        public boolean isBooked() {
            return bookings > 0 && open() == 0;
        }

        public boolean isUnexplained() {
            return !isBooked() && (Math.abs(open()) > sides.roundingNanos() || sides.distance() > 0);
        }
    }

    /**
     * Identifies a line of a comparison. Immutable.
     *
     * @param day in UTC
     * @param model the name by {@link #modelName}
     * @param credential the name of a managed credential, which is not its value
     */
    public record LineId(LocalDate day, String model, String credential) {
        private static final Pattern DATE = Pattern.compile("-20[0-9]{6}$");
        private static final Pattern INVISIBLE = Pattern.compile("[\\p{C}\\p{Z}]+");
        private static final int LONGEST = 256;

        /**
         * The name under which both sides have a model: without the date at its end, which an alias does not have, since a
         * request without a response has only the alias. Spaces and control characters, which a client may have sent, would make
         * two names look alike. Never empty.
         */
        static String modelName(String name) {
            String visible = INVISIBLE.matcher(name).replaceAll(" ").strip();
            String plain = DATE.matcher(visible).replaceFirst("").strip();
            if (plain.isEmpty()) {
                return "(none)";
            }
            return plain.length() > LONGEST ? plain.substring(0, LONGEST) : plain;
        }

        @Override
        public String toString() {
            return day + " " + model + " by " + credential;
        }
    }
}
