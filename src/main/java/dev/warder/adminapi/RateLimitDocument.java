package dev.warder.adminapi;

import jakarta.json.bind.annotation.JsonbProperty;
import jakarta.json.bind.annotation.JsonbPropertyOrder;
import java.util.List;
import java.util.Optional;

/**
 * The rate limits of one group in the organization, in the shape of {@code GET /v1/organizations/rate_limits} (Java SDK
 * 3.10.0, type {@code OrganizationRateLimit}; {@code group_type} is a member of its beta form). Immutable.
 *
 * @param type always {@code rate_limit}
 * @param models names and patterns of models; empty where no model runs
 */
@JsonbPropertyOrder({"type", "id", "group", "groupType", "models", "limits"})
record RateLimitDocument(
        String type,
        String id,
        Group group,
        @JsonbProperty("group_type") String groupType,
        @JsonbProperty(nillable = true) Optional<List<String>> models,
        List<Limit> limits) {
    RateLimitDocument {
        models = models.map(List::copyOf);
        limits = List.copyOf(limits);
    }

    /**
     * The subject of limits.
     *
     * @param displayName for people; empty unless it is a group of models
     */
    @JsonbPropertyOrder({"id", "displayName", "type"})
    record Group(String id, @JsonbProperty("display_name") Optional<String> displayName, String type) {}

    /** The number of one limit. */
    @JsonbPropertyOrder({"type", "value"})
    record Limit(String type, long value) {}
}
