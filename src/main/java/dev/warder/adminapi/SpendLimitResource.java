package dev.warder.adminapi;

import dev.warder.auth.Client;
import dev.warder.config.InvalidValueException;
import dev.warder.http.ErrorReply;
import dev.warder.http.PageDocument;
import dev.warder.json.JsonTree;
import dev.warder.policy.Actor;
import dev.warder.policy.PolicyName;
import dev.warder.principal.Administration;
import dev.warder.principal.ApiReply;
import dev.warder.principal.AuditDocument;
import dev.warder.principal.IdempotencyKey;
import dev.warder.principal.PrincipalApi;
import dev.warder.principal.PrincipalView;
import dev.warder.principal.RefusedChangeException;
import jakarta.json.JsonObject;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * {@code /v1/organizations/spend_limits} and what is below it, except for the effective limits: the budgets of clients, teams and
 * the organization by day, week and month, which administrators read and change in the policy of the database. Immutable.
 *
 * @param below the rest of the path: empty for all limits, {@code audit}, or the id of one
 */
public record SpendLimitResource(String below) {
    private static final String ROOT = "/v1/organizations/spend_limits";
    private static final String EFFECTIVE = "effective";
    private static final String AUDIT = "audit";
    private static final String AUDIT_IDENTITY = "audit of spend limits";
    private static final int MOST_ENTRIES = 1000;

    /**
     * A request, whose caller was admitted. Immutable.
     *
     * @param query as received, without the question mark; may be empty
     * @param body empty text without one
     * @param idempotencyKey the field {@code Idempotency-Key}
     * @param client the caller
     * @param actor the same for the audit
     */
    public record Call(
            String method,
            String path,
            String query,
            String body,
            Optional<String> idempotencyKey,
            Client client,
            Actor actor) {
        private boolean isGet() {
            return method.equals("GET");
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
                    IdempotencyKey.read(actor.name(), idempotencyKey, method + " " + path + "\n" + body));
        }
    }

    /** The resource of a path; empty if there is none. */
    public static Optional<SpendLimitResource> at(String path) {
        if (path.equals(ROOT)) {
            return Optional.of(new SpendLimitResource(""));
        }
        String below = path.startsWith(ROOT + "/") ? path.substring(ROOT.length() + 1) : "";
        return below.isEmpty() || below.equals(EFFECTIVE) || below.indexOf('/') >= 0
                ? Optional.empty()
                : Optional.of(new SpendLimitResource(below));
    }

    /** The methods that it has, sorted. */
    public List<String> methods() {
        if (below.equals(AUDIT)) {
            return List.of("GET");
        }
        return below.isEmpty() ? List.of("GET", "POST") : List.of("DELETE", "GET");
    }

    /** The response to one of these methods, later. */
    public CompletionStage<ApiReply> reply(PrincipalApi api, Call call) {
        return api.reply(administration -> reply(administration, call));
    }

    private ApiReply reply(Administration administration, Call call)
            throws InvalidValueException, RefusedChangeException, SQLException {
        if (below.equals(AUDIT)) {
            return audit(administration, call.query());
        }
        if (below.isEmpty()) {
            return call.isGet()
                    ? list(administration.view(), SpendLimitListQuery.parse(call.query()))
                    : ApiReply.of(200, set(administration, SpendLimitBody.read(call.document()), call.change()));
        }
        if (call.isGet()) {
            return find(administration.view())
                    .map(found -> ApiReply.of(200, found.document()))
                    .orElseGet(SpendLimitResource::none);
        }
        return isRemoved(administration, call.change())
                ? ApiReply.of(200, new ConfiguredLimit.Deleted("spend_limit_deleted", below))
                : none();
    }

    private static ApiReply none() {
        return ApiReply.of(ErrorReply.notFound("There is no spend limit of this id."));
    }

    /** A page of changes of all that has spend limits, the newest first, each as below {@code /admin/api/audit}. */
    private static ApiReply audit(Administration administration, String query)
            throws InvalidValueException, SQLException {
        var parameters = QueryPairs.all(query, List.of("limit", "page"));
        int limit =
                QueryPairs.number("limit", QueryPairs.find(parameters, "limit").orElse("100"), MOST_ENTRIES);
        // The digest of a token has no key: the position may be any text.
        long before = PageToken.after(AUDIT_IDENTITY, parameters)
                .map(text -> text.matches("[1-9][0-9]{0,17}") ? Long.parseLong(text) : 0)
                .orElse(Long.MAX_VALUE);
        var entries = administration.audit().ofLimits(before, limit + 1);
        var shown = entries.subList(0, Math.min(limit, entries.size()));
        Optional<String> next = entries.size() > limit
                ? Optional.of(PageToken.of(
                        AUDIT_IDENTITY,
                        List.of(Long.toString(shown.get(limit - 1).number()))))
                : Optional.empty();
        return ApiReply.of(
                200, new PageDocument<>(shown.stream().map(AuditDocument::of).toList(), next));
    }

    /** A page of limits; all limits of one owner are on one page. */
    private static ApiReply list(PrincipalView view, SpendLimitListQuery query) {
        var items = new ArrayList<ConfiguredLimit.Document>();
        Optional<PolicyName> last = Optional.empty();
        for (var owner : view.names()) {
            if (query.includes(owner)) {
                var limits = limits(view, owner);
                if (!items.isEmpty() && items.size() + limits.size() > query.limit()) {
                    return ApiReply.of(200, new PageDocument<>(items, last.map(query::pageAfter)));
                }
                limits.forEach(limit -> items.add(limit.document()));
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
        return view.find(owner).map(object -> ConfiguredLimit.of(owner, object)).orElse(List.of());
    }

    /** Creates a limit, or replaces the one of the same owner and period. */
    private static ConfiguredLimit.Document set(
            Administration administration, SpendLimitBody body, Administration.Request request)
            throws SQLException, RefusedChangeException {
        var changed = administration.update(body.owner(), body::edit, request);
        // Not read again: another administrator may have changed it since.
        var written = JsonTree.parseObject(changed.result().document()).orElseThrow();
        return ConfiguredLimit.of(body.owner(), written).stream()
                .filter(limit -> limit.period() == body.period())
                .findFirst()
                .orElseThrow()
                .document();
    }

    /** Removes the limit; false if there was none, now or at an earlier request with the same idempotency key. */
    private boolean isRemoved(Administration administration, Administration.Request request)
            throws SQLException, RefusedChangeException {
        var found = find(administration.view());
        if (found.isEmpty()) {
            return administration.isRepeated(request);
        }
        var period = found.get().period();
        administration.update(found.get().owner(), definition -> PeriodBudgets.without(definition, period), request);
        return true;
    }
}
