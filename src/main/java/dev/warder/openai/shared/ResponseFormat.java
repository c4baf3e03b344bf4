package dev.warder.openai.shared;

import dev.warder.edit.ModelCapabilities;
import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import java.util.Optional;

/**
 * The form that the client wants the response to have. Immutable.
 *
 * @param name the schema's name
 * @param schema the schema; without it, one JSON object of any members where {@code jsonObject} is true, else plain text
 * @param byTool whether a tool stands in for the schema: the model has no structured outputs, or they would narrow it
 * @param path where the schema lies
 * @param owner the object that has the form as a member
 * @param member the name of that member
 */
public record ResponseFormat(
        String name,
        Optional<JsonObject> schema,
        boolean byTool,
        boolean jsonObject,
        String path,
        Members owner,
        String member) {
    /** The line of the system prompt that asks for one JSON object where no schema can. */
    public static final String JSON_LINE =
            "Answer with exactly one valid JSON object and nothing else: no text around it and no code fence.";

    public static final String MEMBER = "response_format";

    public static ResponseFormat read(Members top, ModelCapabilities model) throws RefusedException {
        return read(top, MEMBER, "json_schema", model);
    }

    public static ResponseFormat readFlat(Members owner, String member, ModelCapabilities model)
            throws RefusedException {
        return read(owner, member, "", model);
    }

    public static ResponseFormat text(Members owner, String member) {
        return new ResponseFormat("", Optional.empty(), false, false, owner.path(member), owner, member);
    }

    /** The line of the system prompt that asks for this form where nothing else can. */
    public Optional<JsonObject> line() {
        return jsonObject ? Blocks.text(JSON_LINE) : Optional.empty();
    }

    public Optional<JsonObject> structured() {
        return schema.filter(found -> !byTool);
    }

    public void ignore() throws RefusedException {
        owner.ignore(member);
    }

    private static ResponseFormat read(Members owner, String member, String nested, ModelCapabilities model)
            throws RefusedException {
        var text = text(owner, member);
        return owner.read(member, format -> text.typed(format, nested, model)).orElse(text);
    }

    private ResponseFormat typed(Members format, String nested, ModelCapabilities model) throws RefusedException {
        return switch (format.needText("type")) {
            case "text" -> this;
            case "json_object" -> json("", Optional.empty(), false, path);
            case "json_schema" ->
                nested.isEmpty() ? flatSchema(format, model) : schema(format.needObject(nested), model);
            default -> throw format.refused("type", "must be text, json_object or json_schema.");
        };
    }

    private ResponseFormat json(String schemaName, Optional<JsonObject> schemaFound, boolean asTool, String at) {
        return new ResponseFormat(schemaName, schemaFound, asTool, schemaFound.isEmpty(), at, owner, member);
    }

    private ResponseFormat flatSchema(Members format, ModelCapabilities model) throws RefusedException {
        format.needText("name");
        format.needObject("schema");
        return schema(format, model);
    }

    private ResponseFormat schema(Members format, ModelCapabilities model) throws RefusedException {
        var found = format.json("schema");
        String label = format.text("name").orElse("");
        if (found.isEmpty()) {
            format.ignoreRest();
            format.ignore("name");
            return json(label, Optional.empty(), false, format.path("schema"));
        }
        var described = described(found.get(), format.text("description"));
        boolean strict = format.flag("strict").orElse(false);
        format.ignoreRest();
        boolean closes = model.structuredOutputs();
        var closed = StructuredSchema.closed(described, strict).filter(fits -> closes);
        boolean tool = closed.isEmpty();
        var schemaSent = closed.or(() -> closes && strict ? closed : StructuredSchema.ofTool(described))
                .orElseThrow(() ->
                        format.refused("schema", closes ? StructuredSchema.REQUIREMENT : StructuredSchema.OF_TOOL));
        if (!tool || strict) {
            format.ignore(tool ? "strict" : "name");
        }
        return json(label, Optional.of(schemaSent), tool, format.path("schema"));
    }

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
