package dev.warder.whatif;

import dev.warder.policy.Period;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.List;

/**
 * A budget that is tried on a month of the ledger. Immutable.
 *
 * @param name the client or team; empty where the scope has no name
 * @param nanos the amount in nano-dollars; not negative
 * @param period one of {@link #PERIODS}
 * @param zone the time zone of the period and of the month
 */
public record Trial(TrialScope scope, String name, long nanos, Period period, ZoneId zone, YearMonth month) {
    /** The periods that can be tried: a month has at least one of each. */
    public static final List<Period> PERIODS = List.of(Period.HOUR, Period.DAY, Period.WEEK, Period.MONTH);

    /** Refuses a period that is longer than a month. */
    public Trial {
        if (!PERIODS.contains(period)) {
            throw new IllegalArgumentException("the period is too long");
        }
    }

    /** The beginning of the first window that has a part of the month. */
    public Instant from() {
        return period.windowAt(beginning(month), zone).start();
    }

    /** The end of the last window that has a part of the month. */
    public Instant to() {
        var last = beginning(month.plusMonths(1)).minusNanos(1);
        return period.windowAt(last, zone).end().orElseThrow();
    }

    private Instant beginning(YearMonth of) {
        return of.atDay(1).atStartOfDay(zone).toInstant();
    }
}
