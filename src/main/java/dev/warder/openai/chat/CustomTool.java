package dev.warder.openai.chat;

import dev.warder.json.JsonTree;
import dev.warder.openai.shared.Members;
import dev.warder.openai.shared.RefusedException;
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
     */
    public static Tool read(Members tool, Members custom, String name) throws RefusedException {
        var text = new StringBuilder(custom.text("description").orElse(""));
        var format = custom.object("format");
        if (format.isPresent()) {
            describe(format.get(), text);
            format.get().ignoreRest();
        }
        var description = Optional.of(text.toString().strip()).filter(found -> !found.isEmpty());
        return new Tool(name, description, SCHEMA, false, tool.json("cache_control"));
    }

    static boolean isOne(Tool tool) {
        return tool.schema() == SCHEMA;
    }

    public static JsonObject input(String text) {
        return JsonTree.newObject().add(INPUT, text).build();
    }

    private static void describe(Members format, StringBuilder text) throws RefusedException {
        switch (format.needText("type")) {
            case "text" -> {}
            case "grammar" -> {
                var grammar = format.object("grammar").orElse(format);
                String kind =
                        switch (grammar.needText("syntax")) {
                            case "lark" -> "Lark grammar";
                            case "regex" -> "regular expression";
                            default -> throw grammar.refused("syntax", "must be lark or regex.");
                        };
                text.append("\n\nThe text in input must match this ")
                        .append(kind)
                        .append(":\n\n")
                        .append(grammar.needText("definition"));
                grammar.ignoreRest();
            }
            default -> throw format.refused("type", "must be text or grammar.");
        }
    }
}
