package dev.warder.adminapi;

import dev.warder.policy.Budget;
import dev.warder.policy.BudgetScope;
import dev.warder.policy.Principal;
import jakarta.json.bind.annotation.JsonbNillable;
import jakarta.json.bind.annotation.JsonbProperty;
import jakarta.json.bind.annotation.JsonbPropertyOrder;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The effective spend limit of one client in one period, in the shape of {@code GET
 * /v1/organizations/spend_limits/effective} (Anthropic's Admin API, type {@code SpendSummary} of its TypeScript SDK 1.12.0).
 * Immutable.
 *
 * @param amount whole cents
 * @param spent cents with up to three decimals
 * @param scope whom the row is about
 * @param source whose budget it is
 */
@JsonbPropertyOrder({"actor", "amount", "currency", "period", "spent", "scope", "source", "limitId"})
record EffectiveLimitDocument(
        UserActor actor,
        String amount,
        String currency,
        String period,
        @JsonbProperty("period_to_date_spend") String spent,
        Scope scope,
        Scope source,
        @JsonbProperty("spend_limit_id") String limitId) {
    private static final long NANOS_PER_CENT = 10_000_000;
    private static final int CENT_DECIMALS = 7;

    private static final int DECIMALS = 3;

    // For members of this type that are null: Yasson looks for it here too, and only here.
    @JsonbNillable
    @JsonbPropertyOrder({"type", "userId", "name", "emailAddress", "deleted"})
    record UserActor(
            String type,
            @JsonbProperty("user_id") String userId,
            String name,
            @JsonbProperty(value = "email_address", nillable = true) Optional<String> emailAddress,
            boolean deleted) {}

    /** A client, a team or the organization. */
    @JsonbPropertyOrder({"type", "userId", "groupId"})
    record Scope(
            String type,
            @JsonbProperty("user_id") Optional<String> userId,
            @JsonbProperty("rbac_group_id") Optional<String> groupId) {
        private static Scope of(BudgetScope scope, String name) {
            return switch (scope) {
                case CLIENT -> new Scope("user", Optional.of(name), Optional.empty());
                case TEAM -> new Scope("rbac_group", Optional.empty(), Optional.of(name));
                case ORGANIZATION -> new Scope("organization", Optional.empty(), Optional.empty());
                case TAG, MODEL, SESSION -> throw new IllegalArgumentException("the report has no such budget");
            };
        }
    }

    /**
     * A row.
     *
     * @param budget the limit of this client in one of {@link LimitWords#PERIODS}
     * @param spentNanos what was spent of it, in nano-dollars; at least 0
     */
    static EffectiveLimitDocument of(Principal client, Budget budget, long spentNanos) {
        return new EffectiveLimitDocument(
                new UserActor("user_actor", client.name(), client.name(), address(client), false),
                limit(budget.terms().nanos()),
                "USD",
                LimitWords.word(budget.terms().period()),
                spend(spentNanos),
                Scope.of(BudgetScope.CLIENT, client.name()),
                Scope.of(budget.scope(), budget.name()),
                LimitWords.id(budget.key()));
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

    static Optional<String> address(Principal client) {
        return Stream.concat(Stream.of(client.name()), client.externalId().stream())
                .filter(text -> text.matches("[^@\\s]+@[^@\\s]+"))
                .findFirst();
    }
}
