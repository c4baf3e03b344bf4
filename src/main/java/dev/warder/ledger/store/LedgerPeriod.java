package dev.warder.ledger.store;

import java.time.Duration;
import java.time.Instant;

/**
 * The time of a {@link LedgerReport}. Immutable.
 *
 * @param from the beginning of the first slot
 * @param to the end of the last slot, later than {@code from}
 * @param slot the length of a slot: whole minutes, or whole hours
 * @param allNodes whether the other nodes with the same database count too
 */
public record LedgerPeriod(Instant from, Instant to, Duration slot, boolean allNodes) {
    static final int MOST_SLOTS = 200;

    /** Refuses a period without slots, or with more than 200. */
    public LedgerPeriod {
        long slots = slot.isZero() || slot.isNegative()
                ? 0
                : Duration.between(from, to).dividedBy(slot);
        if (slots < 1 || slots > MOST_SLOTS) {
            throw new IllegalArgumentException("a period must have 1 to " + MOST_SLOTS + " slots");
        }
    }

    public Rollup.Step step() {
        return slot.compareTo(Duration.ofHours(1)) < 0 ? Rollup.Step.MINUTE : Rollup.Step.HOUR;
    }

    /** The slots of all times are multiples of their length since 1970: those with this number begin then. */
    public Instant starts(long number) {
        return Instant.ofEpochSecond(number * slot.toSeconds());
    }

    public Instant slotOf(Instant time) {
        return starts(Math.floorDiv(time.getEpochSecond(), slot.toSeconds()));
    }
}
