package dev.warder.adminapi;

import dev.warder.auth.Client;
import dev.warder.config.InvalidValueException;
import dev.warder.http.Call;
import dev.warder.http.ErrorReply;
import dev.warder.http.PageDocument;
import dev.warder.json.JsonTree;
import dev.warder.policy.Actor;
import dev.warder.policy.AuditEntry;
import dev.warder.policy.Period;
import dev.warder.policy.PolicyKind;
import dev.warder.policy.PolicyName;
import dev.warder.principal.Administration;
import dev.warder.principal.ApiReply;
import dev.warder.principal.IdempotencyKey;
import dev.warder.principal.PrincipalApi;
import dev.warder.principal.PrincipalView;
import dev.warder.principal.RefusedChangeException;
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
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;

/**
 * {@code /v1/organizations/spend_limits} and what is below it, except for the effective limits: the budgets of clients, teams and
 * the organization by day, week and month, which administrators read and change in the policy of the database. Immutable.
 *
 * @param below the rest of the path: empty for all limits, {@code audit}, or the id of one
 */
record SpendLimitResource(String below) {
    private static final String ROOT = "/v1/organizations/spend_limits";
    private static final String EFFECTIVE = "effective";
    private static final String AUDIT = "audit";
    private static final String AUDIT_IDENTITY = "audit of spend limits";
    private static final int MOST_ENTRIES = 1000;

    /**
     * A request, whose caller was admitted. Immutable.
     *
     * @param body empty text without one
     * @param idempotencyKey the field {@code Idempotency-Key}
     * @param actor the client for the audit
     */
    record Admitted(Call call, String body, Optional<String> idempotencyKey, Client client, Actor actor) {
        private boolean isGet() {
            return call.method().equals("GET");
        }

        private String query() {
            return call.target().query().orElse("");
        }

        private JsonObject document() throws InvalidValueException {
            return JsonTree.parseWholeDistinctObject(body)
                    .orElseThrow(() -> new InvalidValueException(
                            "The body must be one JSON object, without two members of one name."));
        }

        private Administration.Request change() throws InvalidValueException {
            return new Administration.Request(
                    actor,
                    Optional.of(client),
                    IdempotencyKey.read(
                            actor.name(),
                            idempotencyKey,
                            call.method() + " " + call.target().path() + "\n" + body));
        }
    }

    static Optional<SpendLimitResource> at(String path) {
        if (path.equals(ROOT)) {
            return Optional.of(new SpendLimitResource(""));
        }
        String below = path.startsWith(ROOT + "/") ? path.substring(ROOT.length() + 1) : "";
        return below.isEmpty() || below.equals(EFFECTIVE) || below.indexOf('/') >= 0
                ? Optional.empty()
                : Optional.of(new SpendLimitResource(below));
    }

    List<String> methods() {
        if (below.equals(AUDIT)) {
            return List.of("GET");
        }
        return below.isEmpty() ? List.of("GET", "POST") : List.of("DELETE", "GET");
    }

    CompletionStage<ApiReply> reply(PrincipalApi api, Admitted request) {
        return api.reply(administration -> reply(administration, request));
    }

    private ApiReply reply(Administration administration, Admitted request)
            throws InvalidValueException, RefusedChangeException, SQLException {
        if (below.equals(AUDIT)) {
            return audit(administration, request.query());
        }
        if (below.isEmpty()) {
            return request.isGet()
                    ? list(administration.view(), SpendLimitListQuery.parse(request.query()))
                    : reply(set(administration, SpendLimitBody.read(request.document()), request.change()));
        }
        if (request.isGet()) {
            return find(administration.view()).map(found -> reply(found.json())).orElseGet(SpendLimitResource::none);
        }
        return isRemoved(administration, request.change())
                ? reply(JsonTree.typed("spend_limit_deleted").add("id", below).build())
                : none();
    }

    private static ApiReply reply(JsonObject document) {
        return ApiReply.of(200, document.toString());
    }

    private static ApiReply none() {
        return ApiReply.of(ErrorReply.notFound("There is no spend limit of this id."));
    }

    private static ApiReply audit(Administration administration, String query)
            throws InvalidValueException, SQLException {
        var parameters = Query.parse(
                query, Set.of("limit", "page"), "The parameters are limit and page; the query has another one.");
        int limit = parameters.limit(MOST_ENTRIES).orElse(100);
        // The digest of a token has no key: the position may be any text.
        long before = parameters
                .after(AUDIT_IDENTITY)
                .map(text -> text.matches("[1-9][0-9]{0,17}") ? Long.parseLong(text) : 0)
                .orElse(Long.MAX_VALUE);
        var entries = administration.auditOfLimits(before, limit + 1);
        var shown = entries.subList(0, Math.min(limit, entries.size()));
        Optional<String> next = entries.size() > limit
                ? Optional.of(Query.page(
                        AUDIT_IDENTITY,
                        List.of(Long.toString(shown.get(limit - 1).number()))))
                : Optional.empty();
        return ApiReply.of(
                200, new PageDocument<>(shown.stream().map(AuditEntry::json).toList(), next));
    }

    private static ApiReply list(PrincipalView view, SpendLimitListQuery query) {
        var items = new ArrayList<JsonObject>();
        Optional<PolicyName> last = Optional.empty();
        for (var owner : view.names()) {
            if (query.includes(owner)) {
                var limits = limits(view, owner);
                if (!items.isEmpty() && items.size() + limits.size() > query.limit()) {
                    return ApiReply.of(200, new PageDocument<>(items, last.map(query::pageAfter)));
                }
                limits.forEach(limit -> items.add(limit.json()));
                last = Optional.of(owner);
            }
        }
        return ApiReply.of(200, new PageDocument<>(items, Optional.empty()));
    }

    private Optional<ConfiguredLimit> find(PrincipalView view) {
        return view.names().stream()
                .flatMap(owner -> limits(view, owner).stream())
                .filter(limit -> limit.id().equals(below))
                .findFirst();
    }

    private static List<ConfiguredLimit> limits(PrincipalView view, PolicyName owner) {
        return Optional.ofNullable(view.stored().objects().get(owner))
                .map(found -> ConfiguredLimit.of(owner, found.definition(), found.createdAt(), found.changedAt()))
                .orElse(List.of());
    }

    private static JsonObject set(Administration administration, SpendLimitBody body, Administration.Request request)
            throws SQLException, RefusedChangeException {
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

    /** Removes the limit; false if there was none, now or at an earlier request with the same idempotency key. */
    private boolean isRemoved(Administration administration, Administration.Request request)
            throws SQLException, RefusedChangeException {
        var found = find(administration.view());
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
            if (owner.kind() == PolicyKind.ORGANIZATION) {
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
                case "organization" -> new PolicyName(PolicyKind.ORGANIZATION, "");
                case "user" -> new PolicyName(PolicyKind.CLIENT, name(scope, "user_id"));
                case "workspace" -> new PolicyName(PolicyKind.TEAM, name(scope, "workspace_id"));
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

    /**
     * The parameters of {@code GET /v1/organizations/spend_limits} (Java SDK 3.10.0, {@code SpendLimitListParams}).
     * Immutable.
     *
     * @param kinds only limits of these
     * @param team only the limits of this team
     * @param after the last owner of the page before, with all limits; empty for the first page
     */
    record SpendLimitListQuery(int limit, Set<PolicyKind> kinds, Optional<String> team, Optional<PolicyName> after) {
        private static final int MOST = 1000;

        private static final Map<String, Set<PolicyKind>> SCOPES = Map.of(
                "user", Set.of(PolicyKind.CLIENT),
                "workspace", Set.of(PolicyKind.TEAM),
                "organization", Set.of(PolicyKind.ORGANIZATION),
                "organization_service", Set.of(),
                "rbac_group", Set.of(),
                "seat_tier", Set.of(),
                "usage_tier", Set.of());

        static SpendLimitListQuery parse(String text) throws InvalidValueException {
            var query = Query.parse(
                    text,
                    Set.of("limit", "page", "scope_type", "workspace_id", Query.BETA),
                    "The parameters are limit, page, scope_type[] and workspace_id; the query has another one.");
            var kinds = EnumSet.noneOf(PolicyKind.class);
            for (var scope : query.values().getOrDefault("scope_type", List.copyOf(SCOPES.keySet()))) {
                if (!SCOPES.containsKey(scope)) {
                    throw new InvalidValueException("scope_type: must be user, workspace or organization");
                }
                kinds.addAll(SCOPES.get(scope));
            }
            var team = query.find("workspace_id", value -> value);
            var after = query.after(identity(kinds, team)).flatMap(PolicyName::parse);
            return new SpendLimitListQuery(query.limit(MOST).orElse(20), Set.copyOf(kinds), team, after);
        }

        boolean includes(PolicyName owner) {
            return kinds.contains(owner.kind())
                    && after.filter(last -> owner.compareTo(last) <= 0).isEmpty()
                    && team.filter(name -> owner.kind() != PolicyKind.TEAM
                                    || !owner.name().equals(name))
                            .isEmpty();
        }

        String pageAfter(PolicyName owner) {
            return Query.page(identity(kinds, team), List.of(owner.text()));
        }

        private static String identity(Set<PolicyKind> kinds, Optional<String> team) {
            return "spend limits " + new TreeSet<>(kinds) + " " + team;
        }
    }
}
