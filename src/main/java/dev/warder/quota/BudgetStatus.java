package dev.warder.quota;

import dev.warder.policy.Budget;
import dev.warder.policy.Period;
import dev.warder.policy.PeriodWindow;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/**
 * The status of one budget in words and numbers. Immutable.
 *
 * @param budget the budget
 * @param window the window of its period that the request is charged to
 * @param usedNanos what counts as used in this window, in nano-dollars; at least 0, and perhaps more than the amount
 */
public record BudgetStatus(Budget budget, PeriodWindow window, long usedNanos) {
    private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT);
    private static final int DECIMALS = 4;

    public BudgetStatus {
        if (usedNanos < 0) {
            throw new IllegalArgumentException("what is used must not be negative");
        }
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
        var share = BigDecimal.valueOf(usedNanos).divide(BigDecimal.valueOf(amount), DECIMALS, RoundingMode.DOWN);
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
        return resetTime(budget, window).map(at -> "begins again on " + at).orElse("does not begin again");
    }

    /** When a budget begins again, in its own time zone, such as {@code 2026-12-01 00:00 UTC}; empty if it never does. */
    public static Optional<String> resetTime(Budget budget, PeriodWindow window) {
        ZoneId zone = budget.terms().zone();
        String shown = zone.normalized().equals(ZoneOffset.UTC) ? "UTC" : zone.getId();
        return window.end().map(at -> MINUTE.format(at.atZone(zone)) + " " + shown);
    }
}
