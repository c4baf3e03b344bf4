package dev.warder.openai.shared;

import dev.warder.json.JsonText;
import dev.warder.json.JsonTree;
import dev.warder.openai.shared.MessagesRequest.Prompt;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.JsonValue.ValueType;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * The names of properties that the API does not accept in the input schema of a tool, and the names to send in their place. Each
 * tool has its own. The API checks the properties only: definitions keep their names. A name of more than 256 characters is sent
 * as it is, since a response could grow too much by it. Immutable.
 */
public final class PropertyNames {
    public static final PropertyNames NONE = new PropertyNames(Map.of());

    /** Characters of a name that the API accepts, at most. */
    static final int LONGEST = 64;

    private static final int LONGEST_REPLACED = 256;
    private static final int LONGEST_BEGINNING = 40;
    private static final int HASH_BYTES = 4;

    /** Bytes that a name takes in the maps besides the characters, at most. */
    private static final int ENTRY = 300;

    private static final String PROPERTIES = "properties";
    private static final String TITLE = "title";
    private static final Set<String> BY_PROPERTY =
            Set.of(PROPERTIES, "dependentRequired", "dependentSchemas", "dependencies");
    private static final Set<String> BY_OTHER_NAME = Set.of("$defs", "definitions", "patternProperties");

    /** Keywords with values of the schema, and not with schemas. */
    private static final Set<String> OF_VALUES = Set.of("const", "enum", "default", "example", "examples");

    private final Map<String, ToolProperties> byTool;
    private final long memory;
    private final int growth;

    private PropertyNames(Map<String, ToolProperties> byTool) {
        this.byTool = byTool;
        memory = byTool.values().stream().mapToLong(ToolProperties::memory).sum();
        growth = byTool.values().stream().mapToInt(ToolProperties::growth).max().orElse(1);
    }

    /** The prompt with accepted names in its tools and in the calls of its messages. */
    public static Prompt accepted(Prompt prompt) {
        Map<String, ToolProperties> byTool = new HashMap<>(0);
        Set<String> refused = new LinkedHashSet<>(0);
        Consumer<String> collect = name -> {
            if (!isAccepted(name) && name.length() <= LONGEST_REPLACED) {
                refused.add(name);
            }
        };
        for (JsonObject tool : prompt.tools().tools()) {
            var schema = tool.getOrDefault(Tool.SCHEMA, JsonValue.NULL);
            each(schema, collect);
            if (!refused.isEmpty()) {
                byTool.put(Tool.name(tool), new ToolProperties(schema, refused));
                refused.clear();
            }
        }
        return byTool.isEmpty() ? prompt : new PropertyNames(byTool).replaced(prompt);
    }

    /** Translates an input of this tool to the client's names; empty where it has them already. */
    public Optional<InputText> reader(String tool) {
        return Optional.ofNullable(byTool.get(tool)).map(names -> new InputNames(names.clients));
    }

    /** About how many bytes of memory it takes. */
    public long memory() {
        return memory;
    }

    /** How many times longer a response may become by the client's names, at most. */
    public int growth() {
        return growth;
    }

    private Prompt replaced(Prompt prompt) {
        var tools = prompt.tools().tools().stream()
                .map(tool -> member(tool, Tool.SCHEMA, ToolProperties::schema))
                .toList();
        var messages = prompt.messages().stream()
                .map(turn -> Blocks.withContent(
                        turn, JsonTree.objects(turn, "content").map(this::block).toList()))
                .toList();
        return new Prompt(prompt.system(), messages, prompt.tools().with(tools, this));
    }

    private JsonObject block(JsonObject block) {
        return Blocks.type(block).equals("tool_use") ? member(block, "input", ToolProperties::value) : block;
    }

    /** The owner, which has the name of a tool, with one member replaced. */
    private JsonObject member(JsonObject owner, String member, Replacement replacement) {
        var names = byTool.get(Tool.name(owner));
        return names == null
                ? owner
                : JsonTree.newObject(owner)
                        .add(member, replacement.of(names, owner.getOrDefault(member, JsonValue.NULL)))
                        .build();
    }

    private static boolean isAccepted(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
            if (!letter && (c < '0' || c > '9') && c != '_' && c != '.' && c != '-') {
                return false;
            }
        }
        return !name.isEmpty() && name.length() <= LONGEST;
    }

    private static boolean hasNames(String keyword, JsonValue value) {
        return value.getValueType() == ValueType.OBJECT
                && (BY_PROPERTY.contains(keyword) || BY_OTHER_NAME.contains(keyword));
    }

    /** Finds the names of the properties at any depth of a schema. Each request has this done, nearly always for nothing. */
    private static void each(JsonValue schema, Consumer<String> names) {
        var type = schema.getValueType();
        if (type == ValueType.OBJECT) {
            for (var member : schema.asJsonObject().entrySet()) {
                each(member.getKey(), member.getValue(), names);
            }
        } else if (type == ValueType.ARRAY) {
            var items = schema.asJsonArray();
            for (int i = 0; i < items.size(); i++) {
                each(items.get(i), names);
            }
        }
    }

    private static void each(String keyword, JsonValue value, Consumer<String> names) {
        var type = value.getValueType();
        if (type != ValueType.OBJECT && type != ValueType.ARRAY || OF_VALUES.contains(keyword)) {
            return;
        }
        if (!hasNames(keyword, value)) {
            each(value, names);
            return;
        }
        boolean properties = keyword.equals(PROPERTIES);
        for (var named : value.asJsonObject().entrySet()) {
            if (properties) {
                names.accept(named.getKey());
            }
            each(named.getValue(), names);
        }
    }

    private interface Replacement {
        JsonValue of(ToolProperties names, JsonValue value);
    }

    /** The names of one tool. Not modified after it is made. */
    private static final class ToolProperties {
        /** The names to send by the client's. */
        private final Map<String, String> sent = new HashMap<>();

        private final Map<String, String> clients = new HashMap<>();

        /** @param refused the client's names to replace */
        ToolProperties(JsonValue schema, Set<String> refused) {
            Set<String> taken = new HashSet<>();
            each(schema, taken::add);
            for (String name : refused) {
                String free = HashedName.of(name, name, LONGEST_BEGINNING, HASH_BYTES, taken::add);
                sent.put(name, free);
                clients.put(free, name);
            }
        }

        long memory() {
            return clients.entrySet().stream()
                    .mapToLong(name -> ENTRY
                            + 2L * (name.getKey().length() + name.getValue().length()))
                    .sum();
        }

        int growth() {
            return clients.entrySet().stream()
                    .mapToInt(name -> 1
                            + JsonText.literal(JsonText.quote(name.getValue())).length
                                    / name.getKey().length())
                    .max()
                    .orElse(1);
        }

        JsonValue schema(JsonValue schema) {
            return replaced(schema, UnaryOperator.identity(), this::keyword);
        }

        /** A value of the schema: the input of a call, or an example. */
        JsonValue value(JsonValue value) {
            return replaced(value, this::sent, (name, member) -> value(member));
        }

        private JsonValue keyword(String keyword, JsonValue value) {
            if (hasNames(keyword, value)) {
                UnaryOperator<String> names = BY_PROPERTY.contains(keyword) ? this::sent : UnaryOperator.identity();
                return replaced(
                        value,
                        names,
                        (name, schema) -> keyword.equals(PROPERTIES) ? property(name, schema) : schemaOrNames(schema));
            }
            return switch (keyword) {
                case "required" -> schemaOrNames(value);
                case "propertyName" -> name(value);
                case SchemaReferences.REFERENCE ->
                    value instanceof JsonString reference
                            ? JsonTree.string(SchemaReferences.renamed(
                                    reference.getString(), BY_PROPERTY, BY_OTHER_NAME, this::sent))
                            : value;
                default -> OF_VALUES.contains(keyword) ? value(value) : schema(value);
            };
        }

        /** The title of a property shows the client's name, since the other may say nothing of it. */
        private JsonValue property(String name, JsonValue schema) {
            var replaced = schema(schema);
            boolean hidden = replaced instanceof JsonObject found
                    && sent.containsKey(name)
                    && !found.containsKey(TITLE)
                    && !found.containsKey(SchemaReferences.REFERENCE);
            return hidden
                    ? JsonTree.newObject(replaced.asJsonObject())
                            .add(TITLE, name)
                            .build()
                    : replaced;
        }

        private JsonValue schemaOrNames(JsonValue value) {
            return value instanceof JsonArray
                    ? replaced(value, UnaryOperator.identity(), (none, item) -> name(item))
                    : schema(value);
        }

        private JsonValue name(JsonValue name) {
            return name instanceof JsonString text ? JsonTree.string(sent(text.getString())) : name;
        }

        private String sent(String name) {
            return sent.getOrDefault(name, name);
        }

        /** @param members receives the name of a member, or an empty one for an item, and the value */
        private static JsonValue replaced(
                JsonValue value, UnaryOperator<String> names, BiFunction<String, JsonValue, JsonValue> members) {
            if (value instanceof JsonArray items) {
                var replaced = JsonTree.newArray();
                items.forEach(item -> replaced.add(members.apply("", item)));
                return replaced.build();
            }
            if (!(value instanceof JsonObject object)) {
                return value;
            }
            var replaced = JsonTree.newObject();
            object.forEach((name, member) -> replaced.add(names.apply(name), members.apply(name, member)));
            return replaced.build();
        }
    }
}
