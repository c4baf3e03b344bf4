package dev.warder.organization.spendlimit;

import jakarta.json.bind.annotation.JsonbProperty;
import jakarta.json.bind.annotation.JsonbPropertyOrder;
import java.util.Optional;

/**
 * A spend limit that is configured, in the shape of Anthropic's Admin API ({@code SpendLimit}, Java SDK 3.10.0). Immutable.
 *
 * @param type always {@code spend_limit}
 * @param amount whole cents; empty for no limit
 */
@JsonbPropertyOrder({"type", "id", "amount", "createdAt", "currency", "isEnabled", "period", "scope", "updatedAt"})
record SpendLimitDocument(
        String type,
        String id,
        @JsonbProperty(nillable = true) Optional<String> amount,
        @JsonbProperty("created_at") String createdAt,
        String currency,
        @JsonbProperty("is_enabled") boolean isEnabled,
        String period,
        Scope scope,
        @JsonbProperty("updated_at") String updatedAt) {
    /** A client, a team or the organization. */
    @JsonbPropertyOrder({"type", "userId", "workspaceId"})
    record Scope(
            String type,
            @JsonbProperty("user_id") Optional<String> userId,
            @JsonbProperty("workspace_id") Optional<String> workspaceId) {}

    /** A limit that was removed. */
    @JsonbPropertyOrder({"type", "id"})
    record Deleted(String type, String id) {
        static Deleted of(String id) {
            return new Deleted("spend_limit_deleted", id);
        }
    }
}
