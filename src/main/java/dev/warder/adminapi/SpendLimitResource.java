package dev.warder.adminapi;

import dev.warder.config.InvalidValueException;
import dev.warder.http.PageDocument;
import dev.warder.json.JsonTree;
import dev.warder.policy.AuditEntry;
import dev.warder.policy.Period;
import dev.warder.policy.PolicyName;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * {@code /v1/organizations/spend_limits} and what is below it, except for the effective limits: the budgets of clients, teams and
 * the organization by day, week and month, which administrators read and change in the policy of the database. All methods that
 * throw {@link SQLException} wait for the database.
 */
public final class SpendLimitResource {
    private static final int MOST_ENTRIES = 1000;

    private static final Map<String, Set<PolicyName.Kind>> SCOPES = Map.of(
            "user", Set.of(PolicyName.Kind.CLIENT),
            "workspace", Set.of(PolicyName.Kind.TEAM),
            "organization", Set.of(PolicyName.Kind.ORGANIZATION),
            "organization_service", Set.of(),
            "rbac_group", Set.of(),
            "seat_tier", Set.of(),
            "usage_tier", Set.of());

    private SpendLimitResource() {}

    /** The entries of the audit whose subjects have such limits, the newest first. */
    public static PageDocument<JsonObject> audit(Administration administration, String query)
            throws InvalidValueException, SQLException {
        var parameters = Query.parse("audit of spend limits", query, List.of("limit", "page"), List.of());
        int limit = parameters.limit(MOST_ENTRIES).orElse(100);
        // The digest of a token has no key: the position may be any text.
        long before = parameters
                .after()
                .map(text -> text.matches("[1-9][0-9]{0,17}") ? Long.parseLong(text) : 0)
                .orElse(Long.MAX_VALUE);
        var entries = administration.auditOfLimits(before, limit + 1);
        return parameters.first(entries, limit, entry -> Long.toString(entry.number()), AuditEntry::json);
    }

    /**
     * A page of all limits (Java SDK 3.10.0, {@code SpendLimitListParams}); of each owner it has all or none, apart from the first
     * one.
     */
    public static PageDocument<JsonObject> list(PrincipalView view, String text) throws InvalidValueException {
        var query = Query.parse(
                "spend limits", text, List.of("limit", "page", "scope_type[]", "workspace_id"), List.of(Query.BETA));
        var kinds = EnumSet.noneOf(PolicyName.Kind.class);
        for (var scope : query.values().getOrDefault("scope_type", List.copyOf(SCOPES.keySet()))) {
            kinds.addAll(Optional.ofNullable(SCOPES.get(scope))
                    .orElseThrow(
                            () -> new InvalidValueException("scope_type: must be user, workspace or organization")));
        }
        var team = query.find("workspace_id", value -> value);
        var asked = query.as(kinds, team);
        var after = asked.after().flatMap(PolicyName::parse);
        int limit = query.limit(MOST_ENTRIES).orElse(20);
        var items = new ArrayList<JsonObject>();
        Optional<PolicyName> last = Optional.empty();
        for (var owner : view.names()) {
            boolean isShown = after.isPresent() && owner.compareTo(after.get()) <= 0;
            boolean isOther = team.isPresent()
                    && (owner.kind() != PolicyName.Kind.TEAM || !owner.name().equals(team.get()));
            if (kinds.contains(owner.kind()) && !isShown && !isOther) {
                var limits = limits(view, owner);
                if (!items.isEmpty() && items.size() + limits.size() > limit) {
                    return new PageDocument<>(items, last.map(name -> asked.page(List.of(name.text()))));
                }
                limits.forEach(each -> items.add(each.json()));
                last = Optional.of(owner);
            }
        }
        return new PageDocument<>(items, Optional.empty());
    }

    /** The limit of an id. */
    public static Optional<JsonObject> find(PrincipalView view, String id) {
        return limit(view, id).map(ConfiguredLimit::json);
    }

    private static Optional<ConfiguredLimit> limit(PrincipalView view, String id) {
        return view.names().stream()
                .flatMap(owner -> limits(view, owner).stream())
                .filter(limit -> limit.id().equals(id))
                .findFirst();
    }

    private static List<ConfiguredLimit> limits(PrincipalView view, PolicyName owner) {
        return Optional.ofNullable(view.stored().objects().get(owner))
                .map(found -> ConfiguredLimit.of(owner, found.definition(), found.createdAt(), found.changedAt()))
                .orElse(List.of());
    }

    /** Sets the limit that a body describes, and returns it. */
    public static JsonObject set(Administration administration, JsonObject document, Administration.Request request)
            throws InvalidValueException, RefusedChangeException, SQLException {
        var body = SpendLimitBody.read(document);
        var changed = administration.update(body.owner(), body::edit, request);
        // Not read again: another administrator may have changed it since.
        var written = JsonTree.parseObject(changed.result().document()).orElseThrow();
        return ConfiguredLimit.of(
                        body.owner(),
                        JsonTree.object(written, "definition"),
                        Instant.parse(JsonTree.text(written, "created_at")),
                        Instant.parse(JsonTree.text(written, "changed_at")))
                .stream()
                .filter(limit -> limit.period() == body.period())
                .findFirst()
                .orElseThrow()
                .json();
    }

    /** Removes a limit; false if there was none, now or at an earlier request with the same idempotency key. */
    public static boolean remove(Administration administration, String id, Administration.Request request)
            throws SQLException, RefusedChangeException {
        var found = limit(administration.view(), id);
        if (found.isEmpty()) {
            return administration.isRepeated(request);
        }
        var period = found.get().period();
        administration.update(found.get().owner(), definition -> ConfiguredLimit.without(definition, period), request);
        return true;
    }

    /**
     * The body of {@code POST /v1/organizations/spend_limits} (Anthropic's page "Set Spend Limit"). Immutable.
     *
     * @param owner whose limit is set
     * @param cents the limit in US cents; empty for a client or a team without a limit
     */
    record SpendLimitBody(PolicyName owner, Period period, OptionalLong cents) {
        private static final Set<String> MEMBERS =
                Set.of("amount", "period", "scope", "currency", "suppress_notification");
        private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}");

        /**
         * Reads a body.
         *
         * @throws InvalidValueException with the reason, for the caller
         */
        static SpendLimitBody read(JsonObject body) throws InvalidValueException {
            if (!MEMBERS.containsAll(body.keySet())) {
                throw new InvalidValueException("The members are amount, period and scope; the body has another one.");
            }
            if (!JsonTree.findText(body, "currency").orElse("USD").equals("USD")) {
                throw new InvalidValueException("currency: must be USD");
            }
            var owner = owner(JsonTree.object(body, "scope"));
            var period =
                    body.containsKey("period") ? ConfiguredLimit.period(JsonTree.text(body, "period")) : Period.MONTH;
            if (!JsonValue.NULL.equals(body.get("amount"))) {
                return new SpendLimitBody(
                        owner, period, OptionalLong.of(ConfiguredLimit.cents(JsonTree.text(body, "amount"))));
            }
            if (owner.kind() == PolicyName.Kind.ORGANIZATION) {
                throw new InvalidValueException("amount: must not be null for the organization");
            }
            if (period != ConfiguredLimit.OF_UNLIMITED) {
                throw new InvalidValueException(
                        "period: must be monthly where amount is null, since no limit means none in all periods; DELETE removes a limit of a day or a week");
            }
            return new SpendLimitBody(owner, period, OptionalLong.empty());
        }

        JsonObject edit(JsonObject definition) {
            return cents.isPresent()
                    ? ConfiguredLimit.with(definition, period, cents.getAsLong())
                    : ConfiguredLimit.unlimited(definition);
        }

        private static PolicyName owner(JsonObject scope) throws InvalidValueException {
            return switch (JsonTree.text(scope, "type")) {
                case "organization" -> new PolicyName(PolicyName.Kind.ORGANIZATION, "");
                case "user" -> new PolicyName(PolicyName.Kind.CLIENT, name(scope, "user_id"));
                case "workspace" -> new PolicyName(PolicyName.Kind.TEAM, name(scope, "workspace_id"));
                default -> throw new InvalidValueException("scope: type must be user, workspace or organization");
            };
        }

        private static String name(JsonObject scope, String member) throws InvalidValueException {
            return Optional.of(JsonTree.text(scope, member))
                    .filter(text -> NAME.matcher(text).matches())
                    .orElseThrow(() ->
                            new InvalidValueException("scope: " + member + " must be the name of a client or team"));
        }
    }
}
