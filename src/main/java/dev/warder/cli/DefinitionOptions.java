package dev.warder.cli;

import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Options that become members of a definition. Each member has the name of its option, with {@code _} in place of {@code -}. */
public final class DefinitionOptions {
    static final List<String> CLIENT =
            List.of("kind", "teams", "payer", "models", "paths", "tags", "external-id", "token-names");
    /** Only for what is created: where any budget enforces, a client without one is refused. */
    static final String BUDGETS = "budgets";

    static final List<String> TEAM = List.of("models", "external-id");
    static final List<String> TOKEN = List.of("expires", "rights", "models", "paths", "networks", "tags");
    static final List<String> BUDGET = List.of("mode", "zone", "on-exhausted");
    static final List<String> LIMIT = List.of(
            "requests-per-minute", "input-tokens-per-minute", "output-tokens-per-minute", "concurrent-requests");

    private static final Set<String> LISTS =
            Set.of("teams", "models", "paths", "tags", "token-names", "rights", "networks");

    private DefinitionOptions() {}

    /** A definition with the members that the options name; an option without a value removes its member. */
    public static JsonObject apply(JsonObject definition, Map<String, String> options) {
        var changed = JsonTree.newObject(definition);
        new TreeMap<>(options).forEach((option, text) -> {
            if (text.isEmpty()) {
                changed.remove(member(option));
            } else {
                add(changed, option, text);
            }
        });
        return changed.build();
    }

    /** The same changes as a merge patch (RFC 7396). */
    public static JsonObject patch(Map<String, String> options) {
        var patch = JsonTree.newObject();
        new TreeMap<>(options).forEach((option, text) -> {
            if (text.isEmpty()) {
                patch.addNull(member(option));
            } else {
                add(patch, option, text);
            }
        });
        return patch.build();
    }

    private static void add(JsonObjectBuilder object, String option, String text) {
        if (LIMIT.contains(option)) {
            object.add(member(option), Long.parseLong(text));
        } else if (option.equals(BUDGETS)) {
            object.add(member(option), budgets(text));
        } else {
            object.add(member(option), LISTS.contains(option) ? items(text) : JsonTree.string(text));
        }
    }

    private static JsonValue items(String text) {
        return JsonTree.newArray(split(text)).build();
    }

    private static JsonValue budgets(String text) {
        var items = new ArrayList<JsonValue>();
        for (String item : split(text)) {
            int slash = item.indexOf('/');
            items.add(
                    slash < 0
                            ? JsonTree.string(item)
                            : JsonTree.newObject()
                                    .add("amount", item.substring(0, slash))
                                    .add("period", item.substring(slash + 1))
                                    .build());
        }
        return JsonTree.newArray(items).build();
    }

    /** The items of a list that is separated by commas. */
    static List<String> split(String text) {
        return Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
    }

    private static String member(String option) {
        return option.replace('-', '_');
    }
}
