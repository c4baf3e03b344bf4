package dev.warder.cli;

import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Options that become members of a definition. Each member has the name of its option, with {@code _} in place of {@code -}. */
final class DefinitionOptions {
    static final List<String> CLIENT =
            List.of("kind", "teams", "payer", "models", "paths", "tags", "external-id", "token-names");
    static final List<String> TEAM = List.of("models", "external-id");
    static final List<String> TOKEN = List.of("expires", "rights", "models", "paths", "networks", "tags");
    static final List<String> BUDGET = List.of("mode", "zone", "on-exhausted");
    static final List<String> LIMIT = List.of(
            "requests-per-minute", "input-tokens-per-minute", "output-tokens-per-minute", "concurrent-requests");

    private static final Set<String> LISTS =
            Set.of("teams", "models", "paths", "tags", "token-names", "rights", "networks");

    private DefinitionOptions() {}

    /** A definition with the members that the options name; an option without a value removes its member. */
    static JsonObject apply(JsonObject definition, Map<String, String> options) {
        var changed = JsonTree.newObject(definition);
        options.forEach((option, text) -> {
            if (text.isEmpty()) {
                changed.remove(member(option));
            } else {
                add(changed, option, text);
            }
        });
        return changed.build();
    }

    /** The same changes as a merge patch (RFC 7396). */
    static JsonObject patch(Map<String, String> options) {
        var patch = JsonTree.newObject();
        options.forEach((option, text) -> {
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
        } else {
            object.add(member(option), LISTS.contains(option) ? items(text) : JsonTree.string(text));
        }
    }

    private static JsonValue items(String text) {
        return JsonTree.newArray(Arrays.stream(text.split(","))
                        .map(String::strip)
                        .filter(item -> !item.isEmpty())
                        .toList())
                .build();
    }

    private static String member(String option) {
        return option.replace('-', '_');
    }
}
