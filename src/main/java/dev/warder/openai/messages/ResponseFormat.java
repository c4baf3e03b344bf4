package dev.warder.openai.messages;

import dev.warder.json.JsonTree;
import dev.warder.models.ModelCapabilities;
import dev.warder.openai.document.Members;
import dev.warder.openai.document.RefusedException;
import dev.warder.openai.schema.StructuredSchema;
import jakarta.json.JsonObject;
import java.util.Optional;

/**
 * The form that the client wants the response to have. Immutable.
 *
 * @param name the schema's name
 * @param schema the schema; without it, one JSON object of any members where {@code jsonObject} is true, else plain text
 * @param path where the schema lies
 */
public record ResponseFormat(String name, Optional<JsonObject> schema, boolean jsonObject, String path) {
    /** The line of the system prompt that asks for one JSON object where no schema can. */
    public static final String JSON_LINE =
            "Answer with exactly one valid JSON object and nothing else: no text around it and no code fence.";

    /** The member of a chat completion request. */
    public static final String MEMBER = "response_format";

    private static final ResponseFormat TEXT = new ResponseFormat("", Optional.empty(), false, MEMBER);

    /** The form that a chat completion request asks for. */
    public static ResponseFormat read(Members top, ModelCapabilities model) throws RefusedException {
        var format = top.object(MEMBER);
        if (format.isEmpty()) {
            return TEXT;
        }
        var found = typed(format.get(), model);
        format.get().ignoreRest();
        return found;
    }

    private static ResponseFormat typed(Members format, ModelCapabilities model) throws RefusedException {
        return switch (format.needText("type")) {
            case "text" -> TEXT;
            case "json_object" -> new ResponseFormat("", Optional.empty(), true, MEMBER);
            case "json_schema" -> schema(format.needObject("json_schema"), model);
            default -> throw format.refused("type", "must be text, json_object or json_schema.");
        };
    }

    private static ResponseFormat schema(Members format, ModelCapabilities model) throws RefusedException {
        var schema = format.json("schema");
        String name = format.text("name").orElse("");
        if (schema.isEmpty()) {
            format.ignoreRest();
            format.ignore("name");
            return new ResponseFormat(name, Optional.empty(), true, format.path("schema"));
        }
        var described = described(schema.get(), format.text("description"));
        boolean strict = format.flag("strict").orElse(false);
        format.ignoreRest();
        if (model.structuredOutputs()) {
            format.ignore("name");
            described = StructuredSchema.closed(described)
                    .orElseThrow(() -> format.refused("schema", StructuredSchema.REQUIREMENT));
        } else if (strict) {
            format.ignore("strict");
        }
        return new ResponseFormat(name, Optional.of(described), false, format.path("schema"));
    }

    /** The schema with the description from around it in front of its own description. */
    private static JsonObject described(JsonObject schema, Optional<String> description) {
        if (description.isEmpty()) {
            return schema;
        }
        String own = JsonTree.findText(schema, "description")
                .map(text -> "\n\n" + text)
                .orElse("");
        return JsonTree.newObject(schema)
                .add("description", description.get() + own)
                .build();
    }
}
