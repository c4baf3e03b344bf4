package dev.warder.organization.spendlimit;

import jakarta.json.bind.annotation.JsonbProperty;
import jakarta.json.bind.annotation.JsonbPropertyOrder;
import java.util.Optional;

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
    /** A client, a team or the organization. */
    @JsonbPropertyOrder({"type", "userId", "groupId"})
    record Scope(
            String type,
            @JsonbProperty("user_id") Optional<String> userId,
            @JsonbProperty("rbac_group_id") Optional<String> groupId) {}
}
