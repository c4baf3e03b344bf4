package dev.warder.adminapi;

import dev.warder.config.InvalidValueException;
import dev.warder.policy.PolicyKind;
import dev.warder.policy.PolicyName;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The parameters of {@code GET /v1/organizations/spend_limits} (Java SDK 3.10.0, {@code SpendLimitListParams}). Immutable.
 *
 * @param kinds only limits of these
 * @param team only the limits of this team
 * @param after the last owner of the page before, with all limits; empty for the first page
 */
record SpendLimitListQuery(int limit, Set<PolicyKind> kinds, Optional<String> team, Optional<PolicyName> after) {
    private static final int MOST = 1000;

    /** Anthropic's scopes, with the kind of each; some have none here. */
    private static final Map<String, Set<PolicyKind>> SCOPES = Map.of(
            "user", Set.of(PolicyKind.CLIENT),
            "workspace", Set.of(PolicyKind.TEAM),
            "organization", Set.of(PolicyKind.ORGANIZATION),
            "organization_service", Set.of(),
            "rbac_group", Set.of(),
            "seat_tier", Set.of(),
            "usage_tier", Set.of());

    static SpendLimitListQuery parse(String text) throws InvalidValueException {
        var parameters =
                QueryPairs.all(text, List.of("limit", "page", "scope_type[]", "workspace_id", QueryPairs.BETA));
        var kinds = EnumSet.noneOf(PolicyKind.class);
        for (var scope : parameters.getOrDefault("scope_type", List.copyOf(SCOPES.keySet()))) {
            if (!SCOPES.containsKey(scope)) {
                throw new InvalidValueException("scope_type: must be user, workspace or organization");
            }
            kinds.addAll(SCOPES.get(scope));
        }
        var team = QueryPairs.find(parameters, "workspace_id");
        return new SpendLimitListQuery(
                QueryPairs.number("limit", QueryPairs.find(parameters, "limit").orElse("20"), MOST),
                Set.copyOf(kinds),
                team,
                PageToken.after(identity(kinds, team), parameters).flatMap(PolicyName::parse));
    }

    boolean includes(PolicyName owner) {
        return kinds.contains(owner.kind())
                && after.filter(last -> owner.compareTo(last) <= 0).isEmpty()
                && team.filter(name ->
                                owner.kind() != PolicyKind.TEAM || !owner.name().equals(name))
                        .isEmpty();
    }

    /** The value of {@code page} that begins after the limits of this owner. */
    String pageAfter(PolicyName owner) {
        return PageToken.of(identity(kinds, team), List.of(owner.text()));
    }

    private static String identity(Set<PolicyKind> kinds, Optional<String> team) {
        return "spend limits " + new TreeSet<>(kinds) + " " + team;
    }
}
