package dev.warder.openai.items;

import dev.warder.json.JsonTree;
import dev.warder.openai.document.Members;
import dev.warder.openai.document.RefusedException;
import dev.warder.openai.messages.Tool;
import jakarta.json.JsonObject;
import java.util.Optional;

/** A tool whose input is text, as a tool with one string. The grammar of the text is in its description. Thread-safe. */
final class CustomTool {
    private static final String INPUT = "input";
    private static final JsonObject SCHEMA = JsonTree.typed("object")
            .add("properties", JsonTree.newObject().add(INPUT, JsonTree.typed("string")))
            .add("required", JsonTree.newArray().add(INPUT))
            .add("additionalProperties", false)
            .build();

    private CustomTool() {}

    static Tool read(Members tool, String name) throws RefusedException {
        var text = new StringBuilder(tool.text("description").orElse(""));
        var format = tool.object("format");
        if (format.isPresent()) {
            describe(format.get(), text);
            format.get().ignoreRest();
        }
        var description = Optional.of(text.toString().strip()).filter(found -> !found.isEmpty());
        return new Tool(name, description, SCHEMA, false, tool.json("cache_control"));
    }

    /** The input of a call with this text. */
    static JsonObject input(String text) {
        return JsonTree.newObject().add(INPUT, text).build();
    }

    private static void describe(Members format, StringBuilder text) throws RefusedException {
        switch (format.needText("type")) {
            case "text" -> {}
            case "grammar" -> {
                String kind =
                        switch (format.needText("syntax")) {
                            case "lark" -> "Lark grammar";
                            case "regex" -> "regular expression";
                            default -> throw format.refused("syntax", "must be lark or regex.");
                        };
                text.append("\n\nThe text in input must match this ")
                        .append(kind)
                        .append(":\n\n")
                        .append(format.needText("definition"));
            }
            default -> throw format.refused("type", "must be text or grammar.");
        }
    }
}
