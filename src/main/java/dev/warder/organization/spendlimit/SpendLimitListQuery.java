package dev.warder.organization.spendlimit;

import dev.warder.config.InvalidValueException;
import dev.warder.organization.query.PageToken;
import dev.warder.organization.query.QueryPairs;
import dev.warder.policy.PolicyKind;
import dev.warder.policy.PolicyName;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The parameters of {@code GET /v1/organizations/spend_limits} (Java SDK 3.10.0, {@code SpendLimitListParams}). Immutable.
 *
 * @param kinds only limits of these; all if it is empty
 * @param team only the limits of this team
 * @param after the last owner of the page before, with all limits; empty for the first page
 */
record SpendLimitListQuery(int limit, Set<PolicyKind> kinds, Optional<String> team, Optional<PolicyName> after) {
    private static final int USUAL = 20;
    private static final int MOST = 1000;

    /** Reads parameters. One thread at a time. */
    private static final class Reader {
        private final Set<PolicyKind> kinds = EnumSet.noneOf(PolicyKind.class);
        private boolean isFiltered;
        private int limit = USUAL;
        private Optional<String> team = Optional.empty();
        private String page = "";

        void read(String name, String value) throws InvalidValueException {
            switch (name) {
                case "limit" -> limit = QueryPairs.number(name, value, MOST);
                case "page" -> page = value;
                case "scope_type" -> addKind(value);
                case "workspace_id" -> team = Optional.of(value);
                case "beta" -> {
                    // The SDKs' form of this request.
                }
                default ->
                    throw new InvalidValueException(
                            "The parameters are limit, page, scope_type[] and workspace_id; the query has another one.");
            }
        }

        private void addKind(String value) throws InvalidValueException {
            isFiltered = true;
            switch (value) {
                case "user" -> kinds.add(PolicyKind.CLIENT);
                case "workspace" -> kinds.add(PolicyKind.TEAM);
                case "organization" -> kinds.add(PolicyKind.ORGANIZATION);
                case "organization_service", "rbac_group", "seat_tier", "usage_tier" -> {
                    // There are none.
                }
                default -> throw new InvalidValueException("scope_type: must be user, workspace or organization");
            }
        }

        SpendLimitListQuery query() throws InvalidValueException {
            if (!isFiltered) {
                kinds.addAll(EnumSet.of(PolicyKind.ORGANIZATION, PolicyKind.TEAM, PolicyKind.CLIENT));
            }
            Optional<PolicyName> after = page.isEmpty()
                    ? Optional.empty()
                    : PolicyName.parse(
                            PageToken.position(identity(kinds, team), page).get(0));
            return new SpendLimitListQuery(limit, Set.copyOf(kinds), team, after);
        }
    }

    static SpendLimitListQuery parse(String text) throws InvalidValueException {
        var reader = new Reader();
        QueryPairs.read(text, reader::read);
        return reader.query();
    }

    /** Whether limits of this owner are asked for. */
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
