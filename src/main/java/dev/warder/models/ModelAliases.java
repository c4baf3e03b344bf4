package dev.warder.models;

import dev.warder.config.InvalidValueException;
import dev.warder.config.ModelMap;
import dev.warder.json.ModelResolver;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The operator's names for models: the entries of {@code models.aliases}. The first entry that matches a name counts. A
 * suffix in brackets, as in {@code name[1m]}, is not part of the name: it is kept. An entry that names the suffix itself
 * replaces the whole name (rule "Aliases of models"). Immutable.
 */
public final class ModelAliases implements ModelResolver {
    /** No aliases. */
    static final ModelAliases NONE = new ModelAliases(ModelMap.of(Optional.empty()));

    private final ModelMap map;

    private ModelAliases(ModelMap map) {
        this.map = map;
    }

    /** Reads the value of the setting. */
    static ModelAliases parse(String setting) throws InvalidValueException {
        return new ModelAliases(ModelMap.parse(setting, Optional.empty()));
    }

    /** Reads the file that the setting names. */
    static ModelAliases parseFile(String content) throws InvalidValueException {
        return new ModelAliases(ModelMap.parseFile(content, Optional.empty()));
    }

    /** Whether there is no entry. */
    boolean isEmpty() {
        return map.entries().isEmpty();
    }

    /** The model that {@code name} stands for; empty where no entry matches. */
    public Optional<String> find(String name) {
        if (name.isBlank() || name.length() > ModelMap.LONGEST_NAME) {
            return Optional.empty();
        }
        String plain = name.substring(0, suffixFrom(name));
        for (var entry : map.entries()) {
            if (entry.pattern().matches(plain)) {
                return Optional.of(withSuffix(entry.modelFor(plain), name.substring(plain.length())));
            }
            if (plain.length() < name.length() && entry.pattern().matches(name)) {
                return Optional.of(entry.modelFor(name));
            }
        }
        return Optional.empty();
    }

    @Override
    public String resolve(String name) {
        return find(name).orElse(name);
    }

    /** The aliases whose pattern is a plain name, in the operator's order, each with the model that it stands for. */
    public Map<String, String> exact() {
        var exact = new LinkedHashMap<String, String>();
        for (String alias : map.aliases()) {
            find(alias).filter(model -> !model.equals(alias)).ifPresent(model -> exact.put(alias, model));
        }
        return Collections.unmodifiableMap(exact);
    }

    /** The operator's own suffix counts. */
    private static String withSuffix(String model, String suffix) {
        return suffixFrom(model) < model.length() ? model : model + suffix;
    }

    /** Where the suffix in brackets begins; the length of the name if it has none, or nothing before it. */
    private static int suffixFrom(String name) {
        int bracket = name.lastIndexOf('[');
        return bracket > 0 && name.endsWith("]") ? bracket : name.length();
    }
}
