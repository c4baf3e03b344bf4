package dev.warder.ledger.store;

/**
 * The requests of a run that wait for money of a period. Immutable.
 *
 * @param nanos nano-dollars that they wait for; 0 if none waits
 * @param millis how long the oldest of them has waited; -1 in a row, where that does not change the time since which it waits
 */
public record Line(long nanos, int millis) {
    /** No request waits. */
    public static final Line NONE = new Line(0, -1);

    boolean exists() {
        return nanos > 0;
    }
}
