package dev.warder.reconciliation;

import dev.warder.reconciliation.store.DayRule;
import dev.warder.reconciliation.store.ReconciliationDay;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Which days are to be looked at, the oldest first: those of the last 31 that were never looked at, and those that are due again.
 * Days before the first one of the ledger are left out, and those whose rows the ledger has begun to delete. Immutable.
 *
 * @param retention how long the ledger keeps rows
 */
record DaysDue(Duration retention) {
    static final int DAYS = 31;

    /** The days that an administrator asks for, both inclusive. */
    record Asked(LocalDate from, LocalDate to) {}

    /** The first day that may be looked at. */
    LocalDate first(Instant now) {
        var complete =
                now.minus(retention).atOffset(ZoneOffset.UTC).toLocalDate().plusDays(1);
        var oldest = DayRule.last(now).minusDays(DAYS - 1);
        return complete.isAfter(oldest) ? complete : oldest;
    }

    /**
     * @param known the days of the last 31 that were looked at
     * @param ledger the day of the oldest row of the ledger
     * @param asked if an administrator asks: all days of the range, or with an empty range all that are not settled
     */
    List<LocalDate> of(
            Instant now, List<ReconciliationDay> known, Optional<LocalDate> ledger, Optional<Optional<Asked>> asked) {
        var last = DayRule.last(now);
        var begin = known.stream()
                .map(ReconciliationDay::day)
                .min(LocalDate::compareTo)
                .or(() -> ledger)
                .orElse(last);
        if (ledger.isPresent() && ledger.get().isBefore(begin)) {
            begin = ledger.get();
        }
        var start = begin.isBefore(first(now)) ? first(now) : begin;
        if (start.isAfter(last)) {
            return List.of();
        }
        var byDay = known.stream().collect(Collectors.toMap(ReconciliationDay::day, Function.identity()));
        return start.datesUntil(last.plusDays(1))
                .filter(day -> isDue(day, byDay, now, asked))
                .toList();
    }

    private static boolean isDue(
            LocalDate day, Map<LocalDate, ReconciliationDay> known, Instant now, Optional<Optional<Asked>> asked) {
        var looked = known.get(day);
        if (asked.isEmpty()) {
            return looked == null || DayRule.isDue(looked, now);
        }
        return asked.get()
                .map(range -> !day.isBefore(range.from()) && !day.isAfter(range.to()))
                .orElseGet(() -> looked == null || !looked.settled());
    }
}
