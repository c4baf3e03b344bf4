package dev.warder.quota;

/**
 * A bound that is kept. Immutable.
 *
 * @param largest the largest value of its requests, in the unit of its kind; 0 to {@link #MOST}
 * @param samples how many requests it rests on; 0 to {@link #MOST}
 */
public record KeptBound(BoundKey key, long largest, long samples) {
    public static final long MOST = 1_000_000_000_000L;

    public KeptBound {
        if (!isInRange(largest) || !isInRange(samples)) {
            throw new IllegalArgumentException("a bound is out of range");
        }
    }

    static boolean isInRange(long value) {
        return value >= 0 && value <= MOST;
    }
}
