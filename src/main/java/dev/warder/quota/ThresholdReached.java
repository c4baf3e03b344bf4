package dev.warder.quota;

import dev.warder.http.Sha256;
import dev.warder.json.JsonDocuments;
import dev.warder.policy.Budget;
import dev.warder.policy.Period;
import dev.warder.policy.PeriodWindow;
import jakarta.json.bind.annotation.JsonbProperty;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;

/**
 * A share of a budget is used. Immutable.
 *
 * @param budget the budget
 * @param window the window of its period
 * @param percent the share that was reached, 1 to 100
 * @param amountNanos the amount of the budget on all nodes, in nano-dollars
 * @param spentNanos what was spent of it when this was noticed, in nano-dollars
 * @param time when it was noticed
 */
public record ThresholdReached(
        Budget budget, PeriodWindow window, int percent, long amountNanos, long spentNanos, Instant time) {
    static final String TYPE = "dev.warder.budget.threshold";

    private static final int ALL = 100;
    private static final int NANO_DIGITS = 9;
    private static final int PERCENT_DIGITS = 2;
    private static final int ID_BYTES = 16;

    public ThresholdReached {
        if (percent < 1 || percent > ALL) {
            throw new IllegalArgumentException("the share is out of range");
        }
    }

    /**
     * Identifies budget, window, share and amount: the same on every node and after every restart, so that a receiver can drop
     * duplicates. It has letters, digits and an underscore only, as the signature needs it.
     */
    String id() {
        String identified = budget.key() + " " + window.start() + " " + percent + " " + amountNanos;
        return "budget_" + Sha256.hex(identified, ID_BYTES);
    }

    String mode() {
        return budget.terms().mode().name().toLowerCase(Locale.ROOT);
    }

    /** The share as a part of 1. */
    BigDecimal share() {
        return plain(BigDecimal.valueOf(percent, PERCENT_DIGITS));
    }

    BigDecimal amount() {
        return dollars(amountNanos);
    }

    BigDecimal spent() {
        return dollars(spentNanos);
    }

    String text() {
        String numbers = spent() + " of " + amount() + " US dollars";
        String reached = percent == ALL
                ? " is spent: " + numbers + ". "
                : " has reached " + percent + " %: " + numbers + " are spent. ";
        var status = new BudgetStatus(budget, window, spentNanos);
        return "The budget of " + owner() + reached + "It " + status.resetWords() + ". Its mode is " + mode() + ".";
    }

    private String owner() {
        Period period = budget.terms().period();
        return scope() + (period == Period.LIFETIME ? "" : " for this " + period.word());
    }

    private String scope() {
        String name = budget.name();
        return switch (budget.scope()) {
            case ORGANIZATION -> "the organization";
            case SESSION ->
                "session " + name.substring(name.indexOf('/') + 1) + " of client "
                        + name.substring(0, name.indexOf('/'));
            default -> budget.scope().word() + " " + name;
        };
    }

    private static BigDecimal dollars(long nanos) {
        return plain(BigDecimal.valueOf(nanos, NANO_DIGITS));
    }

    private static BigDecimal plain(BigDecimal number) {
        var stripped = number.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }

    /** The content of a message, in UTF-8. */
    byte[] json() {
        return JsonDocuments.bytes(new Document(
                id(),
                TYPE,
                time().truncatedTo(ChronoUnit.MILLIS).toString(),
                text(),
                budget().key(),
                budget().scope().word(),
                mode(),
                window().start().toString(),
                window().end().map(Object::toString),
                share().toString(),
                amount().toPlainString(),
                spent().toPlainString()));
    }

    /** Numbers are decimal strings, so that no reader rounds them. */
    record Document(
            String id,
            String type,
            String time,
            String text,
            String budget,
            String scope,
            String mode,
            @JsonbProperty("period_start") String periodStart,
            @JsonbProperty(value = "period_end", nillable = true) Optional<String> periodEnd,
            String share,
            String amount,
            String spent) {}
}
