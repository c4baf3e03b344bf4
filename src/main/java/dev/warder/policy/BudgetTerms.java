package dev.warder.policy;

import java.time.Instant;
import java.time.ZoneId;

/**
 * How much may be spent in which period, and what follows. Immutable.
 *
 * @param nanos the amount in nano-dollars, from 0 to {@link #MOST_NANOS}; with 0 nothing may be spent
 * @param period the period after which the budget begins again
 * @param zone the IANA time zone of the period
 * @param mode what follows when the amount is spent
 * @param onExhausted what follows for responses that are under way then; only in mode {@link BudgetMode#ENFORCE}
 */
public record BudgetTerms(long nanos, Period period, ZoneId zone, BudgetMode mode, OnExhausted onExhausted) {
    /** The largest amount: below one billion dollars, so that sums of nine amounts fit into a {@code long}. */
    public static final long MOST_NANOS = 999_999_999_999_999_999L;

    public BudgetTerms {
        if (nanos < 0 || nanos > MOST_NANOS) {
            throw new IllegalArgumentException("an amount is out of range");
        }
    }

    public boolean enforces() {
        return mode == BudgetMode.ENFORCE;
    }

    /** The window of the period that contains {@code at}, an instant of the years 1 to 9999. */
    public PeriodWindow windowAt(Instant at) {
        return period.windowAt(at, zone);
    }
}
