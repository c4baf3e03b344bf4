package dev.warder.policy;

import dev.warder.config.ModelPattern;
import dev.warder.config.ModelSuffix;

/**
 * The limits of all requests together for some models. Immutable.
 *
 * @param models the pattern of their names
 * @param name the pattern as it is written
 */
record ModelLimits(ModelPattern models, String name, RateLimits limits) {
    boolean matches(String model) {
        return models.matches(model) || models.matches(ModelSuffix.strip(model));
    }
}
