package dev.warder.openai.shared;

import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import java.util.Optional;

/** A tool whose input is text, as a tool with one string. The grammar of the text is in its description. Thread-safe. */
public final class CustomTool {
    public static final String TYPE = "custom";

    private static final String INPUT = "input";
    private static final JsonObject SCHEMA = JsonTree.typed("object")
            .add("properties", JsonTree.newObject().add(INPUT, JsonTree.typed("string")))
            .add("required", JsonTree.newArray().add(INPUT))
            .add("additionalProperties", false)
            .build();

    private CustomTool() {}

    /**
     * Reads a tool under the name {@code name}.
     *
     * @param tool the object that may have {@code cache_control}; the same as {@code custom} in the flat form
     * @param about follows the description
     */
    public static JsonObject read(Members tool, Members custom, String name, String about) throws RefusedException {
        String text = custom.text("description").orElse("");
        String format = custom.read("format", CustomTool::grammar).orElse("");
        var description = Optional.of((text + format).strip()).filter(found -> !found.isEmpty());
        return Blocks.marked(Tool.of(name, Tool.described(description, about), SCHEMA, false), tool.json(Blocks.CACHE));
    }

    static boolean isOne(JsonObject tool) {
        return tool.get(Tool.SCHEMA) == SCHEMA;
    }

    public static JsonObject input(String text) {
        return JsonTree.newObject().add(INPUT, text).build();
    }

    private static String grammar(Members format) throws RefusedException {
        return switch (format.needText("type")) {
            case "text" -> "";
            case "grammar" -> {
                var grammar = format.object("grammar").orElse(format);
                String kind =
                        switch (grammar.needText("syntax")) {
                            case "lark" -> "Lark grammar";
                            case "regex" -> "regular expression";
                            default -> throw grammar.refused("syntax", "must be lark or regex.");
                        };
                String definition = grammar.needText("definition");
                grammar.ignoreRest();
                yield "\n\nThe text in input must match this " + kind + ":\n\n" + definition;
            }
            default -> throw format.refused("type", "must be text or grammar.");
        };
    }
}
