package dev.warder.json;

import java.util.Optional;
import java.util.function.Predicate;

/**
 * The rules for a collected body in addition to valid JSON, and what the model that it names stands for.
 *
 * @param resolver maps the model that the body names at its top level; other names in the body stay as they are
 * @param models whether the caller may use a model of this name; empty for a caller that may use every model
 * @param exactNames whether to refuse a top-level member whose name differs from {@code "model"} or {@code "system"} only in
 *     case: a reader that ignores case would treat it as that member
 * @param members what the scan finds in addition; empty for nothing
 */
public record BodyPolicy(
        ModelResolver resolver, Optional<Predicate<String>> models, boolean exactNames, Optional<MemberPaths> members) {
    public static final BodyPolicy NONE = new BodyPolicy(Optional.empty(), false);

    public BodyPolicy(Optional<Predicate<String>> models, boolean exactNames) {
        this(ModelResolver.UNCHANGED, models, exactNames, Optional.empty());
    }

    /** The same for a body whose names of models are still to be translated: they are neither restricted nor resolved. */
    public BodyPolicy beforeTranslation() {
        return new BodyPolicy(Optional.empty(), exactNames);
    }

    boolean isRestricted() {
        return models.isPresent();
    }

    boolean permits(String model) {
        return models.map(may -> may.test(model)).orElse(true);
    }

    /** Maps the model that a body names to the model that is asked upstream. Thread-safe. */
    @FunctionalInterface
    public interface ModelResolver {
        ModelResolver UNCHANGED = name -> name;

        String resolve(String name);
    }
}
