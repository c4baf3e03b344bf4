package dev.warder.reconciliation.store;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** When a day is looked at, and when it is settled. */
public final class DayRule {
    /** How long after its end a day is looked at first: Anthropic's numbers come some minutes late. */
    static final Duration FIRST = Duration.ofHours(1);

    /** The time between two looks at a day that is open. */
    static final Duration AGAIN = Duration.ofHours(12);

    /** From here on two looks with the same reports settle a day. */
    static final Duration SETTLES = Duration.ofDays(3);

    /** From here on each look settles a day. */
    static final Duration LATEST = Duration.ofDays(7);

    private DayRule() {}

    /** The last day that is old enough for a first look. */
    public static LocalDate last(Instant now) {
        return now.minus(FIRST).atOffset(ZoneOffset.UTC).toLocalDate().minusDays(1);
    }

    /** Whether a day that was looked at is due again. */
    public static boolean isDue(ReconciliationDay day, Instant now) {
        return !day.settled() && !now.isBefore(day.lookedAt().plus(AGAIN));
    }

    /** @param same whether the reports are those of the look before */
    static boolean isSettled(LocalDate day, Instant now, boolean same) {
        var end = day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
        return !now.isBefore(end.plus(same ? SETTLES : LATEST));
    }

    /** Whether all differences of a day are worth a warning: before that, numbers may still be missing. */
    public static boolean isLate(LocalDate day, Instant now) {
        return !now.isBefore(day.plusDays(2).atStartOfDay(ZoneOffset.UTC).toInstant());
    }
}
