package dev.warder.json;

import java.util.Optional;
import java.util.function.Predicate;

/**
 * Conditions for a collected body, in addition to being valid JSON.
 *
 * @param models whether the caller may use a model of this name; empty for a caller that may use every model
 * @param exactNames whether to refuse a top-level member whose name differs from {@code "model"} or {@code "system"} only in
 *     case: a reader that ignores case would treat it as that member
 */
public record BodyPolicy(Optional<Predicate<String>> models, boolean exactNames) {
    /** Permits every model and every name of a member. */
    public static final BodyPolicy NONE = new BodyPolicy(Optional.empty(), false);

    /** The same without the restriction to models, for a body whose names of models have not been translated yet. */
    public BodyPolicy beforeTranslation() {
        return new BodyPolicy(Optional.empty(), exactNames);
    }

    boolean isRestricted() {
        return models.isPresent();
    }

    boolean permits(String model) {
        return models.map(may -> may.test(model)).orElse(true);
    }
}
