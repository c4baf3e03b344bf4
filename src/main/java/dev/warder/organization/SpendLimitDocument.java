package dev.warder.organization;

import jakarta.json.bind.annotation.JsonbProperty;
import jakarta.json.bind.annotation.JsonbPropertyOrder;
import java.util.List;
import java.util.Optional;

/**
 * A page of effective spend limits, in the shape of {@code GET /v1/organizations/spend_limits/effective} (Anthropic's Admin API,
 * types {@code SpendSummary} and {@code PageCursor} of its TypeScript SDK 1.12.0). Immutable.
 *
 * @param nextPage the value of {@code page} that has the next clients; empty for the last page
 */
@JsonbPropertyOrder({"data", "nextPage"})
record SpendLimitDocument(
        List<Row> data, @JsonbProperty(value = "next_page", nillable = true) Optional<String> nextPage) {
    SpendLimitDocument {
        data = List.copyOf(data);
    }

    /**
     * The limit of one client in one period.
     *
     * @param amount whole cents
     * @param spent cents with up to three decimals
     * @param scope whom the row is about
     * @param source whose budget it is
     */
    @JsonbPropertyOrder({"actor", "amount", "currency", "period", "spent", "scope", "source", "limitId"})
    record Row(
            Actor actor,
            String amount,
            String currency,
            String period,
            @JsonbProperty("period_to_date_spend") String spent,
            Scope scope,
            Scope source,
            @JsonbProperty("spend_limit_id") String limitId) {}

    /** A client. */
    @JsonbPropertyOrder({"type", "userId", "name", "emailAddress", "deleted"})
    record Actor(
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
            @JsonbProperty("rbac_group_id") Optional<String> groupId) {}
}
