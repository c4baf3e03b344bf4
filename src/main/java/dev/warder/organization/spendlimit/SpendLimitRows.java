package dev.warder.organization.spendlimit;

import dev.warder.digest.Sha256;
import dev.warder.organization.spendlimit.EffectiveLimitDocument.Scope;
import dev.warder.policy.Budget;
import dev.warder.policy.BudgetScope;
import dev.warder.policy.Principal;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.stream.Stream;

/** Rows of effective spend limits, in Anthropic's words. */
final class SpendLimitRows {
    private static final long NANOS_PER_CENT = 10_000_000;
    private static final int CENT_DECIMALS = 7;

    /** What {@code period_to_date_spend} may have (Anthropic's type {@code SpendSummary}). */
    private static final int DECIMALS = 3;

    private static final int ID_BYTES = 12;

    private SpendLimitRows() {}

    /**
     * A row.
     *
     * @param budget the limit of this client in one of {@link LimitWords#PERIODS}
     * @param spentNanos what was spent of it, in nano-dollars; at least 0
     */
    static EffectiveLimitDocument row(Principal client, Budget budget, long spentNanos) {
        return new EffectiveLimitDocument(
                UserActor.of(client.name(), address(client)),
                limit(budget.terms().nanos()),
                "USD",
                LimitWords.word(budget.terms().period()),
                spend(spentNanos),
                scope(BudgetScope.CLIENT, client.name()),
                scope(budget.scope(), budget.name()),
                id(budget.key()));
    }

    /** Whole cents, rounded down: a limit must not look higher than it is. */
    static String limit(long nanos) {
        return Long.toString(nanos / NANOS_PER_CENT);
    }

    /** Cents, rounded up to three decimals: nothing that was spent is missing. */
    static String spend(long nanos) {
        var cents = BigDecimal.valueOf(nanos, CENT_DECIMALS).setScale(DECIMALS, RoundingMode.CEILING);
        return cents.signum() == 0 ? "0" : cents.stripTrailingZeros().toPlainString();
    }

    /** The e-mail address that the operator has given to a client, as its name or as its id in another system. */
    static Optional<String> address(Principal client) {
        return Stream.concat(Stream.of(client.name()), client.externalId().stream())
                .filter(text -> text.matches("[^@\\s]+@[^@\\s]+"))
                .findFirst();
    }

    /** A text that stays the same as long as the budget exists, also when its amount changes. */
    static String id(String budget) {
        return "spl_" + Sha256.hex(budget, ID_BYTES);
    }

    private static Scope scope(BudgetScope scope, String name) {
        return switch (scope) {
            case CLIENT -> new Scope("user", Optional.of(name), Optional.empty());
            case TEAM -> new Scope("rbac_group", Optional.empty(), Optional.of(name));
            case ORGANIZATION -> new Scope("organization", Optional.empty(), Optional.empty());
            case TAG, MODEL, SESSION -> throw new IllegalArgumentException("the report has no such budget");
        };
    }
}
