package dev.warder.reconciliation.store;

/**
 * A line with what was booked of its difference. Immutable.
 *
 * @param booked the sum of all bookings, in nano-dollars
 * @param bookings how many there are
 */
public record ReconciliationLine(LineId id, Comparison sides, long booked, int bookings) {
    /** What is not booked of the difference, in nano-dollars. */
    public long open() {
        return sides.difference() - booked;
    }

    /** Whether the difference is booked completely. */
    public boolean isBooked() {
        return bookings > 0 && open() == 0;
    }

    /** Whether something differs that neither rounding explains nor a booking covers. */
    public boolean isUnexplained() {
        return !isBooked() && (Math.abs(open()) > sides.roundingNanos() || sides.distance() > 0);
    }
}
