package dev.warder.ledger.store;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;

/**
 * One window of one budget's period. The order is the one in which transactions lock the rows of periods. Immutable.
 *
 * @param budget the key of the budget, such as {@code team/payments/month}; at most 160 visible ASCII characters
 * @param start the first instant of the window, to the millisecond
 */
public record PeriodKey(String budget, Instant start) implements Comparable<PeriodKey> {
    public static final int LONGEST = 160;

    private static final Comparator<PeriodKey> ORDER =
            Comparator.comparing(PeriodKey::budget).thenComparing(PeriodKey::start);

    /** Refuses a key that is empty or too long, and cuts the instant to the millisecond. */
    public PeriodKey {
        if (budget.isEmpty() || budget.length() > LONGEST) {
            throw new IllegalArgumentException("the key of a budget has 1 to " + LONGEST + " characters");
        }
        start = start.truncatedTo(ChronoUnit.MILLIS);
    }

    @Override
    public int compareTo(PeriodKey other) {
        return ORDER.compare(this, other);
    }
}
