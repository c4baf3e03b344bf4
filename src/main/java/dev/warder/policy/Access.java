package dev.warder.policy;

import dev.warder.config.ModelPattern;
import java.util.List;

/**
 * The permitted use. Immutable.
 *
 * @param models patterns of the permitted models; empty for all
 * @param paths patterns of the permitted paths; empty for all
 */
public record Access(List<ModelPattern> models, List<PathPattern> paths) {
    public Access {
        models = List.copyOf(models);
        paths = List.copyOf(paths);
    }

    public boolean limitsModels() {
        return !models.isEmpty() && !models.contains(ModelPattern.ANY);
    }

    public boolean permitsModel(String model) {
        return models.isEmpty() || models.stream().anyMatch(pattern -> pattern.matches(model));
    }

    public boolean permitsPath(String path) {
        return paths.isEmpty() || paths.stream().anyMatch(pattern -> pattern.matches(path));
    }
}
