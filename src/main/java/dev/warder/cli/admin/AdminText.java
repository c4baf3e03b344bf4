package dev.warder.cli.admin;

import dev.warder.json.JsonTree;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.Set;
import java.util.stream.Collectors;

/** Documents in words, for people. */
final class AdminText {
    private static final Set<String> CONTENTS = Set.of("definition", "terms");

    private AdminText() {}

    /** One line for each member of a document and of its content. */
    static String lines(JsonObject document) {
        var text = new StringBuilder();
        document.forEach((name, value) -> {
            if (!name.equals("type") && !CONTENTS.contains(name)) {
                line(text, name, value);
            }
        });
        for (var content : CONTENTS) {
            JsonTree.object(document, content).forEach((name, value) -> {
                if (!name.equals("name")) {
                    line(text, name, value);
                }
            });
        }
        return text.toString();
    }

    /** A value in one line; empty if there is none. */
    static String of(JsonValue value) {
        if (value instanceof JsonString text) {
            return text.getString();
        }
        if (value instanceof JsonArray items) {
            return items.stream().map(AdminText::of).collect(Collectors.joining(", "));
        }
        if (value instanceof JsonObject object) {
            return object.containsKey("amount") ? budget(object) : members(object);
        }
        return JsonValue.NULL.equals(value) ? "" : value.toString();
    }

    /** A member in one line; empty if there is none. */
    static String of(JsonObject document, String member) {
        return of(document.getOrDefault(member, JsonValue.NULL));
    }

    private static String budget(JsonObject budget) {
        String rest = members(
                JsonTree.newObject(budget).remove("amount").remove("period").build());
        return of(budget, "amount") + "/" + of(budget, "period") + (rest.isEmpty() ? "" : " (" + rest + ")");
    }

    private static String members(JsonObject object) {
        return object.entrySet().stream()
                .map(member -> member.getKey() + "=" + of(member.getValue()))
                .collect(Collectors.joining(", "));
    }

    private static void line(StringBuilder text, String name, JsonValue value) {
        String shown = of(value).replaceAll("\\p{C}", "?");
        text.append("%-13s %s".formatted(name.replace('_', ' ') + ":", shown.isEmpty() ? "-" : shown))
                .append("\n");
    }
}
