package dev.warder.organization.spendlimit;

import dev.warder.http.PageDocument;
import dev.warder.json.JsonTree;
import dev.warder.policy.Period;
import dev.warder.policy.PolicyName;
import dev.warder.principal.Administration;
import dev.warder.principal.PrincipalView;
import dev.warder.principal.RefusedChangeException;
import dev.warder.principal.api.ApiReply;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The spend limits of clients, teams and the organization: their budgets by day, week and month, which are read and set. All
 * methods wait for the database.
 */
final class SpendLimitChanges {
    private final Administration administration;

    SpendLimitChanges(Administration administration) {
        this.administration = administration;
    }

    /** A page of limits; all limits of one owner are on one page. */
    ApiReply list(SpendLimitListQuery query) throws SQLException {
        var view = administration.view();
        var items = new ArrayList<SpendLimitDocument>();
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
     * Creates a limit, or replaces the one of the same owner and period.
     *
     * @throws RefusedChangeException also if there is no such owner
     */
    ConfiguredLimit set(SpendLimitBody body, Administration.Request request)
            throws SQLException, RefusedChangeException {
        var changed = administration.update(body.owner(), body::edit, request);
        // Not read again: another administrator may have changed it since.
        var written = JsonTree.parseObject(changed.result().document()).orElseThrow();
        return ConfiguredLimit.of(body.owner(), written).stream()
                .filter(limit -> limit.period() == body.period())
                .findFirst()
                .orElseThrow();
    }

    /**
     * Removes a limit.
     *
     * @return whether there was one of this id, now or at an earlier request with the same idempotency key
     */
    boolean remove(String id, Administration.Request request) throws SQLException, RefusedChangeException {
        var found = find(id);
        if (found.isEmpty()) {
            return administration.isRepeated(request);
        }
        administration.update(
                found.get().owner(),
                definition -> PeriodBudgets.without(definition, found.get().period()),
                request);
        return true;
    }
}
