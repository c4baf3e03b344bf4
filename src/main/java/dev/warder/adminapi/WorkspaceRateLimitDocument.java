package dev.warder.adminapi;

import dev.warder.adminapi.RateLimitDocument.Group;
import jakarta.json.bind.annotation.JsonbProperty;
import jakarta.json.bind.annotation.JsonbPropertyOrder;
import java.util.List;
import java.util.Optional;

/**
 * The rate limits of one group in a team, in the shape of {@code GET /v1/organizations/workspaces/{id}/rate_limits} (Java SDK
 * 3.10.0, type {@code WorkspaceRateLimit}; {@code group_type} is a member of its beta form). Immutable.
 *
 * @param type always {@code workspace_rate_limit}
 * @param team the name of the team
 * @param entry the id of the entry of the organization for the same group, which may have no such entry
 * @param models names and patterns of models; empty where no model runs
 */
@JsonbPropertyOrder({"type", "team", "entry", "group", "groupType", "models", "limits"})
record WorkspaceRateLimitDocument(
        String type,
        @JsonbProperty("workspace_id") String team,
        @JsonbProperty("rate_limit_id") String entry,
        Group group,
        @JsonbProperty("group_type") String groupType,
        @JsonbProperty(nillable = true) Optional<List<String>> models,
        List<Limit> limits) {
    WorkspaceRateLimitDocument {
        models = models.map(List::copyOf);
        limits = List.copyOf(limits);
    }

    /**
     * The number of one limit.
     *
     * @param ofOrganization the number of the organization, which all teams share; empty if it has none
     */
    @JsonbPropertyOrder({"type", "value", "ofOrganization", "source"})
    record Limit(
            String type,
            long value,
            @JsonbProperty(value = "org_limit", nillable = true) Optional<Long> ofOrganization,
            Source source) {}

    /** Whose number it is: {@code workspace} or {@code organization}. */
    record Source(String type) {}
}
