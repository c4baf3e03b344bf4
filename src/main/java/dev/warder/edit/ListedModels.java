package dev.warder.edit;

import dev.warder.config.ModelSuffix;
import dev.warder.json.JsonTree;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The models that a list shows, in both dialects: the upstream's in its order, each name once, and after them the aliases
 * that are no model's name. An alias is shown as the model that it stands for, which may be listed with a date (rule "Aliases
 * of models").
 *
 * @param aliases each with the model that it stands for, in their order
 * @param shown the members that a picker shows, by names of models and aliases, in place of the upstream's
 */
public record ListedModels(Map<String, String> aliases, Map<String, JsonObject> shown) {
    private static final String ID = "id";

    /** Characters of all aliases together: one could be as large as the list, and there can be thousands of one model. */
    private static final int MOST_APPENDED = 1 << 20;

    boolean isEmpty() {
        return aliases.isEmpty() && shown.isEmpty();
    }

    /**
     * The models and the aliases; each has an {@code id}.
     *
     * @param body the upstream's whole list
     * @return empty where {@code body} is no list
     */
    public Optional<List<JsonObject>> in(JsonObject body) {
        if (!(body.get("data") instanceof JsonArray data)) {
            return Optional.empty();
        }
        var models = new LinkedHashMap<String, JsonObject>();
        var undated = new HashMap<String, JsonObject>();
        for (var value : data) {
            if (value instanceof JsonObject model && !id(model).isEmpty()) {
                models.putIfAbsent(id(model), model);
                undated.putIfAbsent(ModelSuffix.strip(id(model)), model);
            }
        }
        var all = new ArrayList<JsonObject>();
        models.forEach((name, model) -> all.add(shown(name, model)));
        int appended = 0;
        for (var alias : aliases.entrySet()) {
            if (!models.containsKey(alias.getKey())) {
                String name = alias.getValue();
                var target = models.getOrDefault(name, undated.get(ModelSuffix.strip(name)));
                var listed =
                        shown(alias.getKey(), target == null ? unknown(alias.getKey()) : named(alias.getKey(), target));
                appended += listed.toString().length();
                if (appended > MOST_APPENDED) {
                    break;
                }
                all.add(listed);
            }
        }
        return Optional.of(all);
    }

    public static String id(JsonObject model) {
        return JsonTree.text(model, ID);
    }

    /** The model with what a picker shows of it. */
    public JsonObject shown(String name, JsonObject model) {
        var members = shown.get(name);
        return members == null ? model : JsonTree.merge(model, members);
    }

    private static JsonObject named(String alias, JsonObject model) {
        return JsonTree.newObject(model).add(ID, alias).build();
    }

    private static JsonObject unknown(String alias) {
        return JsonTree.typed("model")
                .add(ID, alias)
                .add("display_name", alias)
                .add("created_at", "1970-01-01T00:00:00Z")
                .build();
    }
}
