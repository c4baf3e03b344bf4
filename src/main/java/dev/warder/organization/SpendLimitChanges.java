package dev.warder.organization;

import dev.warder.config.InvalidValueException;
import dev.warder.json.JsonTree;
import dev.warder.policy.store.PolicyKind;
import dev.warder.policy.store.PolicyName;
import dev.warder.principal.Administration;
import dev.warder.principal.Condition;
import dev.warder.principal.PrincipalView;
import dev.warder.principal.RefusedChangeException;
import dev.warder.principal.api.ApiReply;
import dev.warder.principal.api.AuditDocument;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The spend limits of clients, teams and the organization: their budgets by day, week and month, which are read and set. All
 * methods wait for the database.
 */
final class SpendLimitChanges {
    /** How often a change is tried if others change the same object at the same time. */
    private static final int ATTEMPTS = 5;

    private final Administration administration;

    SpendLimitChanges(Administration administration) {
        this.administration = administration;
    }

    /** A page of limits; all limits of one owner are on one page. */
    ApiReply list(SpendLimitListQuery query) throws SQLException {
        var view = administration.view();
        var items = JsonTree.newArray();
        int count = 0;
        Optional<PolicyName> last = Optional.empty();
        for (var owner : view.names()) {
            if (query.includes(owner)) {
                var limits = limits(view, owner);
                if (count > 0 && count + limits.size() > query.limit()) {
                    return page(items.build(), last);
                }
                limits.forEach(limit -> items.add(limit.document()));
                count += limits.size();
                last = Optional.of(owner);
            }
        }
        return page(items.build(), Optional.empty());
    }

    private static ApiReply page(JsonValue items, Optional<PolicyName> last) {
        JsonValue next = last.<JsonValue>map(owner -> JsonTree.string(SpendLimitListQuery.pageAfter(owner)))
                .orElse(JsonValue.NULL);
        var page =
                JsonTree.newObject().add("data", items).add("next_page", next).build();
        return ApiReply.of(200, page.toString());
    }

    /** The limit with this id; empty if there is none. */
    Optional<ConfiguredLimit> find(String id) throws SQLException {
        return find(administration.view(), id);
    }

    private static Optional<ConfiguredLimit> find(PrincipalView view, String id) {
        return view.names().stream()
                .flatMap(owner -> limits(view, owner).stream())
                .filter(limit -> limit.id().equals(id))
                .findFirst();
    }

    private static List<ConfiguredLimit> limits(PrincipalView view, PolicyName owner) {
        return view.find(owner).map(object -> ConfiguredLimit.of(owner, object)).orElse(List.of());
    }

    /**
     * Creates a limit, or replaces the one of the same owner and period; empty if there is no such owner.
     *
     * @throws RefusedChangeException also for an owner in {@code policy.file}
     */
    Optional<ConfiguredLimit> set(SpendLimitBody body, Administration.Request request)
            throws SQLException, RefusedChangeException {
        var owner = body.owner();
        for (int attempt = 1; ; attempt++) {
            var view = administration.view();
            var object = view.find(owner);
            if (object.isEmpty() && owner.kind() != PolicyKind.ORGANIZATION) {
                return Optional.empty();
            }
            var definition = object.map(SpendLimitChanges::definition).orElse(JsonValue.EMPTY_JSON_OBJECT);
            try {
                administration.put(
                        owner,
                        ConfiguredLimit.with(definition, body.period(), body.dollars()),
                        condition(view, owner),
                        request);
                return limits(administration.view(), owner).stream()
                        .filter(limit -> limit.period() == body.period())
                        .findFirst();
            } catch (RefusedChangeException refused) {
                repeatOrThrow(refused, attempt);
            }
        }
    }

    /**
     * Removes a limit; empty if there is none of this id.
     *
     * @throws RefusedChangeException also for an owner in {@code policy.file}
     */
    Optional<ConfiguredLimit> remove(String id, Administration.Request request)
            throws SQLException, RefusedChangeException {
        for (int attempt = 1; ; attempt++) {
            var view = administration.view();
            var found = find(view, id);
            if (found.isEmpty()) {
                return found;
            }
            var owner = found.get().owner();
            var definition = definition(view.find(owner).orElseThrow());
            try {
                administration.put(
                        owner,
                        ConfiguredLimit.without(definition, found.get().period()),
                        condition(view, owner),
                        request);
                return found;
            } catch (RefusedChangeException refused) {
                repeatOrThrow(refused, attempt);
            }
        }
    }

    private static void repeatOrThrow(RefusedChangeException refused, int attempt) throws RefusedChangeException {
        if (refused.reason() != RefusedChangeException.Cause.CHANGED || attempt == ATTEMPTS) {
            throw refused;
        }
    }

    private static JsonObject definition(JsonObject object) {
        return JsonTree.object(object, "definition");
    }

    private static Condition condition(PrincipalView view, PolicyName owner) {
        return view.revision(owner)
                .map(number -> new Condition(false, OptionalLong.of(number)))
                .orElse(Condition.NONE);
    }

    /** The newest changes of owners of limits, in the form of the audit below {@code /admin/api}. */
    ApiReply audit(String query) throws SQLException, InvalidValueException {
        var parameters = new AuditQuery();
        QueryPairs.read(query, parameters::read);
        var items = new ArrayList<JsonObject>();
        for (var entry : administration
                .latestAudit(parameters.before, "", parameters.limit)
                .entries()) {
            items.add(AuditDocument.of(entry));
        }
        return ApiReply.of(
                200,
                JsonTree.newObject()
                        .add("data", JsonTree.newArray(items))
                        .build()
                        .toString());
    }

    /** Reads parameters. One thread at a time. */
    private static final class AuditQuery {
        private int limit = 100;
        private long before = Long.MAX_VALUE;

        private static long before(String value) throws InvalidValueException {
            if (!value.matches("[1-9][0-9]{0,17}")) {
                throw new InvalidValueException("after_id: must be the number of an entry");
            }
            return Long.parseLong(value);
        }

        void read(String name, String value) throws InvalidValueException {
            switch (name) {
                case "limit" -> limit = QueryPairs.number(name, value, 1000);
                case "after_id" -> before = before(value);
                default -> throw new InvalidValueException("The parameters are limit and after_id.");
            }
        }
    }
}
