package dev.warder.admin;

import dev.warder.quota.budget.Amounts;
import dev.warder.quota.budget.BudgetLine;
import jakarta.json.bind.annotation.JsonbPropertyOrder;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * One budget in a {@link BudgetDocument}. Amounts are US dollars as text. Immutable.
 *
 * @param budget its key, which identifies it
 * @param onExhausted absent where it does not enforce
 * @param spent also what was spent above the amount; absent, with all numbers after it, if it is not known
 * @param resetsAt absent for a lifetime
 */
@JsonbPropertyOrder({
    "budget",
    "scope",
    "name",
    "period",
    "mode",
    "onExhausted",
    "amount",
    "spent",
    "overage",
    "reserved",
    "unknown",
    "free",
    "resetsAt"
})
record BudgetMember(
        String budget,
        String scope,
        String name,
        String period,
        String mode,
        Optional<String> onExhausted,
        String amount,
        Optional<String> spent,
        Optional<String> overage,
        Optional<String> reserved,
        Optional<String> unknown,
        Optional<String> free,
        Optional<String> resetsAt) {
    static List<BudgetMember> all(List<BudgetLine> lines) {
        return lines.stream().map(BudgetMember::of).toList();
    }

    private static BudgetMember of(BudgetLine line) {
        var budget = line.budget();
        var terms = budget.terms();
        return new BudgetMember(
                budget.key(),
                budget.scope().word(),
                budget.name(),
                terms.period().word(),
                terms.mode().name().toLowerCase(Locale.ROOT),
                terms.enforces() ? Optional.of(terms.onExhausted().name().toLowerCase(Locale.ROOT)) : Optional.empty(),
                BudgetDocument.dollars(terms.nanos()),
                number(line, Amounts::allSpent),
                number(line, Amounts::overage),
                number(line, Amounts::reserved),
                number(line, Amounts::unknown),
                number(line, Amounts::free),
                line.window().end().map(Instant::toString));
    }

    private static Optional<String> number(BudgetLine line, ToLongFunction<Amounts> number) {
        return line.amounts().map(amounts -> BudgetDocument.dollars(number.applyAsLong(amounts)));
    }
}
