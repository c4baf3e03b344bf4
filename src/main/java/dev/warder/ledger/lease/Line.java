package dev.warder.ledger.lease;

/**
 * The requests of a run that wait for money of a period. Immutable.
 *
 * @param nanos nano-dollars that they wait for; 0 if none waits
 * @param millis how long the oldest of them has waited
 */
public record Line(long nanos, int millis) {
    /** No request waits. */
    public static final Line NONE = new Line(0, 0);

    public Line {
        if (nanos < 0 || millis < 0) {
            throw new IllegalArgumentException("a line is out of range");
        }
    }

    boolean exists() {
        return nanos > 0;
    }
}
