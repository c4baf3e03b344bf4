package dev.warder.policy;

import dev.warder.config.ModelPattern;
import dev.warder.config.ModelSuffix;
import java.util.Optional;

/**
 * Limits and whose they are. Immutable.
 *
 * @param scope client, team, organization or model
 * @param owner the name of the client or the team, or the pattern of the models; empty text for the organization
 * @param models the models that they limit; empty for all
 */
public record OwnedLimits(BudgetScope scope, String owner, RateLimits limits, Optional<ModelPattern> models) {
    OwnedLimits(BudgetScope scope, String owner, RateLimits limits) {
        this(scope, owner, limits, Optional.empty());
    }

    public boolean countsModel(String model) {
        return models.isEmpty() || models.get().matches(model) || models.get().matches(ModelSuffix.strip(model));
    }
}
