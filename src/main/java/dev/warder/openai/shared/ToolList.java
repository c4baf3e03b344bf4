package dev.warder.openai.shared;

import dev.warder.edit.ModelCapabilities;
import dev.warder.json.JsonTree;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The functions and custom tools that a client offers: {@code tools}, also in the flat form that some
 * clients write, or the deprecated {@code functions}.
 *
 * @param byName in the client's order
 * @param legacy whether they came as {@code functions}
 */
public record ToolList(Map<String, JsonObject> byName, boolean legacy) {
    static final String FUNCTION = "function";

    private static final String TOOLS = "tools";
    private static final String FUNCTIONS = "functions";
    private static final JsonObject NO_PARAMETERS = JsonTree.typed("object")
            .add("properties", JsonValue.EMPTY_JSON_OBJECT)
            .build();

    public static ToolList read(Members top, ModelCapabilities model) throws RefusedException {
        var tools = top.array(TOOLS).orElse(JsonArray.EMPTY_JSON_ARRAY);
        var functions = top.array(FUNCTIONS).orElse(JsonArray.EMPTY_JSON_ARRAY);
        top.refuseIf(!tools.isEmpty() && !functions.isEmpty(), FUNCTIONS, "must not be combined with tools.");
        var list = new ToolList(new LinkedHashMap<>(), !functions.isEmpty());
        top.each(TOOLS, tool -> list.addTool(tool, model));
        top.each(FUNCTIONS, function -> list.add(function, function, false, model));
        return list;
    }

    static ToolList called(Set<String> names) {
        var list = new ToolList(new LinkedHashMap<>(), false);
        names.forEach(name -> list.byName.put(name, Tool.of(name, Optional.empty(), NO_PARAMETERS, false)));
        return list;
    }

    public boolean isEmpty() {
        return byName.isEmpty();
    }

    public List<JsonObject> all() {
        return List.copyOf(byName.values());
    }

    public Set<String> custom() {
        return byName.values().stream()
                .filter(CustomTool::isOne)
                .map(Tool::name)
                .collect(Collectors.toSet());
    }

    static boolean isType(String type) {
        return type.equals(FUNCTION) || type.equals(CustomTool.TYPE);
    }

    /** The type of a tool or of a call in a chat completion request: the member that has the tool. */
    public static String needType(Members tool) throws RefusedException {
        String type = tool.text("type").orElse(FUNCTION);
        tool.refuseIf(!isType(type), "type", "must be function or custom: other kinds of tools are not supported.");
        return type;
    }

    public List<JsonObject> only(Set<String> names) {
        return byName.entrySet().stream()
                .filter(tool -> names.contains(tool.getKey()))
                .map(Map.Entry::getValue)
                .toList();
    }

    private void addTool(Members tool, ModelCapabilities model) throws RefusedException {
        String type = needType(tool);
        // The Messages API has this type too, for tools with a schema.
        boolean custom = type.equals(CustomTool.TYPE) && !tool.has(Tool.SCHEMA);
        add(tool, tool.object(type).orElse(tool), custom, model);
    }

    private void add(Members tool, Members definition, boolean custom, ModelCapabilities model)
            throws RefusedException {
        String name = definition.needText("name");
        Tool.checkName(definition, name);
        var found = custom ? CustomTool.read(tool, definition, name, "") : function(tool, definition, name, "", model);
        definition.refuseIf(byName.putIfAbsent(name, found) != null, "name", "must be unique.");
        definition.ignoreRest();
        tool.ignoreRest();
    }

    /**
     * Reads a function as a tool of the name {@code name}.
     *
     * @param tool the object that may have {@code cache_control}; the same as {@code function} in the flat form
     * @param about follows the description
     */
    public static JsonObject function(
            Members tool, Members function, String name, String about, ModelCapabilities model)
            throws RefusedException {
        var description = Tool.described(function.text("description"), about);
        String member = function.has("parameters") || !function.has("input_schema") ? "parameters" : "input_schema";
        var schema = typed(function.json(member).orElse(NO_PARAMETERS));
        boolean strict = isStrict(function, model);
        if (strict) {
            schema = typed(StructuredSchema.closed(schema, true)
                    .orElseThrow(() -> function.refused(member, StructuredSchema.REQUIREMENT)));
        }
        var marked = tool.has(Blocks.CACHE) ? tool : function;
        return Blocks.marked(Tool.of(name, description, schema, strict), marked.json(Blocks.CACHE));
    }

    private static boolean isStrict(Members function, ModelCapabilities model) throws RefusedException {
        boolean strict = function.flag("strict").orElse(false);
        if (strict && !model.structuredOutputs()) {
            function.ignore("strict");
            return false;
        }
        return strict;
    }

    private static JsonObject typed(JsonObject schema) {
        boolean object = schema.get("type") instanceof JsonString type
                && type.getString().equals("object");
        return object
                ? schema
                : JsonTree.newObject(schema).add("type", "object").build();
    }
}
