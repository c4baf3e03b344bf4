package dev.warder.quota;

import dev.warder.ledger.store.Amounts;
import dev.warder.ledger.store.PeriodKey;
import dev.warder.policy.Budget;
import dev.warder.policy.Period;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/**
 * A budget in a window of its period, in words and numbers. Immutable.
 *
 * @param amounts empty if no request was charged to it in this period, or its numbers are not known
 */
public record BudgetLine(Budget budget, Period.Window window, Optional<Amounts> amounts) {
    /** The fullest first; those that are equally full in the order of their keys. */
    static final Comparator<BudgetLine> FULLEST = Comparator.comparingDouble(BudgetLine::fullness)
            .reversed()
            .thenComparing(line -> line.budget().key());

    private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT);
    private static final int DECIMALS = 4;

    PeriodKey key() {
        return new PeriodKey(budget.key(), window.start());
    }

    double fullness() {
        return amounts.map(Amounts::fullness).orElse(-1.0);
    }

    /** The amount that is spent, in nano-dollars; perhaps more than that of the budget. */
    long usedNanos() {
        return amounts.map(Amounts::allSpent).orElse(0L);
    }

    /** When the budget begins again; empty if it never does. */
    Optional<Instant> reset() {
        return window.end();
    }

    /** The used share of the amount, rounded down to four decimals: 1 if all of it is used, and for an amount of 0. */
    BigDecimal utilization() {
        long amount = budget.terms().nanos();
        if (amount == 0) {
            return BigDecimal.ONE;
        }
        var share = BigDecimal.valueOf(usedNanos()).divide(BigDecimal.valueOf(amount), DECIMALS, RoundingMode.DOWN);
        return share.signum() == 0 ? BigDecimal.ZERO : share.stripTrailingZeros();
    }

    /** The words for the budget that its client reads. */
    String words() {
        return words("this session");
    }

    /** @param session the words for the owner of a budget of a session */
    String words(String session) {
        Period period = budget.terms().period();
        String owner =
                switch (budget.scope()) {
                    case ORGANIZATION -> "the organization";
                    case SESSION -> session;
                    default -> budget.scope().word() + " " + budget.name();
                };
        return "The budget of " + owner + (period == Period.LIFETIME ? "" : " for this " + period.word());
    }

    String mode() {
        return budget.terms().mode().name().toLowerCase(Locale.ROOT);
    }

    String resetWords() {
        return resetTime().map(at -> "begins again on " + at).orElse("does not begin again");
    }

    /** When it begins again, in its own time zone, such as {@code 2026-12-01 00:00 UTC}; empty if it never does. */
    public Optional<String> resetTime() {
        ZoneId zone = budget.terms().zone();
        String shown = zone.normalized().equals(ZoneOffset.UTC) ? "UTC" : zone.getId();
        return reset().map(at -> MINUTE.format(at.atZone(zone)) + " " + shown);
    }
}
