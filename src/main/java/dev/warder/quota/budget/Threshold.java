package dev.warder.quota.budget;

import java.util.Optional;

/** The shares of a budget at which clients are warned, the highest first. */
public enum Threshold {
    PERCENT_90("0.9", 90, 10),
    PERCENT_80("0.8", 80, 5),
    PERCENT_75("0.75", 75, 4);

    private final String share;
    private final int percent;
    private final long rest;

    Threshold(String share, int percent, long rest) {
        this.share = share;
        this.percent = percent;
        this.rest = rest;
    }

    /**
     * The highest threshold that is reached; empty below all of them.
     *
     * @param usedNanos what is used, at least 0
     * @param nanos the amount, at least 0; an amount of 0 is always used
     */
    public static Optional<Threshold> reached(long usedNanos, long nanos) {
        for (var threshold : values()) {
            // Exact: what is left is compared with the whole part, and no product can overflow.
            if (nanos - usedNanos <= nanos / threshold.rest) {
                return Optional.of(threshold);
            }
        }
        return Optional.empty();
    }

    /** The share as clients read it, such as {@code 0.75}. */
    public String share() {
        return share;
    }

    /** The share in percent. */
    public int percent() {
        return percent;
    }
}
