package dev.warder.quota;

import dev.warder.http.Dialect;
import dev.warder.http.Field;
import dev.warder.policy.BudgetMode;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * The fields of a successful response by which Claude Code warns its user that most of a budget is used. They replace those
 * of the upstream with the same names, which describe the account of the gateway's credential: the client's own budget ends
 * first for the client, and one status can have only one reset (rule "What a spent budget looks like").
 */
public final class BudgetWarning {
    private static final String WARNED = "allowed_warning";

    private BudgetWarning() {}

    /**
     * The warning about the budget with the greatest used share. Empty if less than 75 % of each budget are used,
     * for budgets in the mode shadow, which clients do not notice, and in OpenAI's dialect, which has no such fields.
     *
     * @param charged the budgets that the request is charged to
     */
    public static List<Field> fields(Collection<BudgetStatus> charged, Dialect dialect) {
        if (dialect != Dialect.ANTHROPIC) {
            return List.of();
        }
        return charged.stream()
                .filter(status -> status.budget().terms().mode() != BudgetMode.SHADOW)
                .max(Comparator.comparing(BudgetStatus::utilization))
                .map(BudgetWarning::fields)
                .orElse(List.of());
    }

    private static List<Field> fields(BudgetStatus status) {
        int percent =
                Thresholds.reached(status.usedNanos(), status.budget().terms().nanos());
        if (percent == 0) {
            return List.of();
        }
        var fields = BudgetRefusal.unified(status, WARNED, Thresholds.share(percent));
        fields.add(BudgetRefusal.unified("representative-claim", "overage"));
        fields.add(BudgetRefusal.unified("overage-status", WARNED));
        return fields;
    }
}
