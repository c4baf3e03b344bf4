package dev.warder.json;

import java.util.Optional;
import java.util.function.Predicate;

/**
 * What a collected body must satisfy in addition to being valid JSON.
 *
 * @param models whether the caller may use a model of this name; empty for a caller that may use every model
 * @param exactNames whether a top-level member is refused whose name equals {@code "model"} or {@code "system"} but for case:
 *     a reader without regard to case would take it for that member
 */
public record BodyPolicy(Optional<Predicate<String>> models, boolean exactNames) {
    /** Every model, and any other name of a member. */
    public static final BodyPolicy NONE = new BodyPolicy(Optional.empty(), false);

    /** The same without the restriction to models, for a body whose names of models are still to be translated. */
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
