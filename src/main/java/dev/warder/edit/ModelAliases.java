package dev.warder.edit;

import dev.warder.config.InvalidValueException;
import dev.warder.config.ModelMap;
import dev.warder.config.ModelPattern;
import dev.warder.json.BodyPolicy.ModelResolver;
import dev.warder.json.JsonTree;
import dev.warder.json.ObjectReader;
import dev.warder.json.Problems;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The operator's names for models: the entries of {@code models.aliases}, in the grammar of {@link ModelMap}. The first entry
 * that matches a name counts. Immutable.
 *
 * @param shown how a picker shows names, with the members of a listed model that have it: {@code display_name}, {@code description}
 */
public record ModelAliases(ModelMap map, Map<String, JsonObject> shown) implements ModelResolver {
    static final ModelAliases NONE = new ModelAliases(ModelMap.of(Optional.empty()));

    private static final String NAME = "name";
    private static final String MODEL = "model";
    private static final List<String> SHOWN = List.of("display_name", "description");
    private static final List<String> MEMBERS = List.of(NAME, MODEL, SHOWN.get(0), SHOWN.get(1));
    private static final int LONGEST_TEXT = 500;

    public ModelAliases {
        shown = Map.copyOf(shown);
    }

    private ModelAliases(ModelMap map) {
        this(map, Map.of());
    }

    static ModelAliases parse(String setting) throws InvalidValueException {
        return new ModelAliases(ModelMap.parse(setting, Optional.empty()));
    }

    /** Reads lines, or a JSON array where the file begins like one. Reports all problems at once. */
    static ModelAliases parseFile(String content) throws InvalidValueException {
        return content.stripLeading().startsWith("[")
                ? ofArray(content)
                : new ModelAliases(ModelMap.parseFile(content, Optional.empty()));
    }

    private static ModelAliases ofArray(String content) throws InvalidValueException {
        var problems = new Problems();
        var entries = new ArrayList<ModelMap.Entry>();
        var shown = new HashMap<String, JsonObject>();
        for (var entry : ObjectReader.ofArray(content, problems, MEMBERS)) {
            readEntry(entry, entries, shown);
        }
        problems.throwIfAny();
        return new ModelAliases(ModelMap.of(entries, Optional.empty()), shown);
    }

    private static void readEntry(ObjectReader reader, List<ModelMap.Entry> entries, Map<String, JsonObject> shown) {
        var name = reader.require(NAME, ModelAliases::text);
        var model = reader.require(MODEL, ModelAliases::text);
        var texts = JsonTree.newObject();
        for (String member : SHOWN) {
            reader.find(member, ModelAliases::text).ifPresent(text -> texts.add(member, text));
        }
        if (name.isEmpty() || model.isEmpty()) {
            return;
        }
        try {
            var entry = ModelMap.Entry.of(name.get(), model.get());
            entries.add(entry);
            var members = texts.build();
            if (!members.isEmpty() && entry.pattern() instanceof ModelPattern.Exact exact) {
                shown.putIfAbsent(exact.name(), members);
            } else if (!members.isEmpty()) {
                reader.problem(NAME, "must be a plain name where the entry has texts");
            }
        } catch (InvalidValueException refused) {
            reader.problem(NAME, refused.reason());
        }
    }

    private static String text(String value) throws InvalidValueException {
        if (value.isBlank() || value.length() > LONGEST_TEXT || value.chars().anyMatch(Character::isISOControl)) {
            throw new InvalidValueException("must have 1 to " + LONGEST_TEXT + " characters and no control characters");
        }
        return value.strip();
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

    /** The plain names that are no model's own, each with the model that it stands for, in their order. */
    public Map<String, String> exact() {
        var exact = new LinkedHashMap<String, String>();
        for (String alias : map.aliases()) {
            find(alias).filter(model -> !model.equals(alias)).ifPresent(model -> exact.put(alias, model));
        }
        return Collections.unmodifiableMap(exact);
    }
}
