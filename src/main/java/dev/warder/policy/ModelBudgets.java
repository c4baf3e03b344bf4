package dev.warder.policy;

import dev.warder.config.ModelPattern;
import dev.warder.config.ModelSuffix;
import java.util.List;

/**
 * The budgets of some models. Immutable.
 *
 * @param models the pattern of their names
 * @param budgets at most one for each period
 */
public record ModelBudgets(ModelPattern models, List<Budget> budgets) {
    public ModelBudgets {
        budgets = List.copyOf(budgets);
    }

    /** The budgets in {@code all} that a request for this model charges: a date or a suffix does not evade a budget. */
    static List<Budget> of(String model, List<ModelBudgets> all) {
        if (all.isEmpty()) {
            return List.of();
        }
        String stripped = ModelSuffix.strip(model);
        return all.stream()
                .filter(each -> each.models.matches(model) || each.models.matches(stripped))
                .flatMap(each -> each.budgets.stream())
                .toList();
    }
}
