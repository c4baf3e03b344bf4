package dev.warder.edit;

import dev.warder.config.InvalidValueException;
import dev.warder.config.ModelMap;
import dev.warder.json.ModelResolver;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The operator's names for models: the entries of {@code models.aliases}, in the grammar of {@link ModelMap}. The first entry
 * that matches a name counts. Immutable.
 */
public record ModelAliases(ModelMap map) implements ModelResolver {
    static final ModelAliases NONE = new ModelAliases(ModelMap.of(Optional.empty()));

    static ModelAliases parse(String setting) throws InvalidValueException {
        return new ModelAliases(ModelMap.parse(setting, Optional.empty()));
    }

    static ModelAliases parseFile(String content) throws InvalidValueException {
        return new ModelAliases(ModelMap.parseFile(content, Optional.empty()));
    }

    boolean isEmpty() {
        return map.entries().isEmpty();
    }

    public Optional<String> find(String name) {
        return map.find(name);
    }

    @Override
    public String resolve(String name) {
        return find(name).orElse(name);
    }

    public Map<String, String> exact() {
        var exact = new LinkedHashMap<String, String>();
        for (String alias : map.aliases()) {
            find(alias).filter(model -> !model.equals(alias)).ifPresent(model -> exact.put(alias, model));
        }
        return Collections.unmodifiableMap(exact);
    }
}
