package dev.warder.reconcile;

import org.jdbi.v3.core.mapper.Nested;

/**
 * A line of a comparison, with the part of its difference that earlier versions have booked. Immutable.
 *
 * @param booked the sum of all bookings, in nano-dollars
 * @param bookings how many there are
 */
public record ReconciliationLine(@Nested LineId id, @Nested Comparison sides, long booked, int bookings) {
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
