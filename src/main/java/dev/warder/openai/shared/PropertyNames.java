package dev.warder.openai.shared;

import dev.warder.json.JsonTree;
import dev.warder.openai.shared.MessagesRequest.Prompt;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
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
 * tool has its own. The API checks the properties only: definitions keep their names. A name of more than 128 characters is sent
 * as it is, because a response could become too long by it. Immutable.
 */
public final class PropertyNames {
    public static final PropertyNames NONE = new PropertyNames(Map.of());

    /** Characters of a name that the API accepts, at most. */
    static final int LONGEST = 64;

    private static final int LONGEST_REPLACED = 128;
    private static final int LONGEST_BEGINNING = 40;
    private static final int HASH_BYTES = 4;

    /** Bytes that a name takes in the maps besides the characters, at most. */
    private static final int ENTRY = 300;

    private static final String PROPERTIES = "properties";
    private static final String REQUIRED = "required";
    private static final String NAME = "propertyName";
    private static final String TITLE = "title";
    private static final Set<String> BY_PROPERTY =
            Set.of(PROPERTIES, "dependentRequired", "dependentSchemas", "dependencies");
    private static final Set<String> BY_OTHER_NAME = Set.of("$defs", "definitions", "patternProperties");

    /** Keywords with values of the schema, and not with schemas. */
    private static final Set<String> OF_VALUES = Set.of("const", "enum", "default", "example", "examples");

    private final Map<String, ToolProperties> byTool;
    private final long memory;

    private PropertyNames(Map<String, ToolProperties> byTool) {
        this.byTool = byTool;
        memory = byTool.values().stream().mapToLong(ToolProperties::memory).sum();
    }

    /** The prompt with accepted names in its tools and in the calls of its messages. */
    public static Prompt accepted(Prompt prompt) {
        Map<String, ToolProperties> byTool = new HashMap<>(0);
        Set<String> refused = new LinkedHashSet<>(0);
        Consumer<String> collect = name -> {
            if (!isAccepted(name, 0, name.length()) && name.length() <= LONGEST_REPLACED) {
                refused.add(name);
            }
        };
        for (JsonObject tool : prompt.tools().tools()) {
            var schema = JsonTree.object(tool, Tool.SCHEMA);
            each("", schema, collect);
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

    private Prompt replaced(Prompt prompt) {
        var tools = prompt.tools().tools().stream()
                .map(tool -> replaced(tool, Tool.SCHEMA))
                .toList();
        var messages = prompt.messages().stream().map(this::turn).toList();
        return new Prompt(prompt.system(), messages, prompt.tools().with(tools, this));
    }

    private JsonObject turn(JsonObject turn) {
        var blocks = JsonTree.objects(turn, "content").map(block -> replaced(block, "input"));
        return Blocks.withContent(turn, blocks.toList());
    }

    /** A tool or a call with another value of this member. */
    private JsonObject replaced(JsonObject owner, String member) {
        var names = byTool.get(Tool.name(owner));
        var value = owner.get(member);
        if (names == null || value == null) {
            return owner;
        }
        var replaced = member.equals(Tool.SCHEMA) ? names.schema("", value) : names.value(value);
        return JsonTree.newObject(owner).add(member, replaced).build();
    }

    static boolean isAccepted(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
            if (!letter && (c < '0' || c > '9') && c != '_' && c != '.' && c != '-') {
                return false;
            }
        }
        return from < to && to - from <= LONGEST;
    }

    /**
     * Finds the names of the properties at any depth. Each request has this done, nearly always for nothing.
     *
     * @param keyword has the value; empty for a schema
     */
    private static void each(String keyword, JsonValue value, Consumer<String> names) {
        if (value instanceof JsonArray items && !OF_VALUES.contains(keyword)) {
            items.forEach(item -> each("", item, names));
        } else if (value instanceof JsonObject object && !OF_VALUES.contains(keyword)) {
            if (keyword.equals(PROPERTIES)) {
                object.keySet().forEach(names);
            }
            boolean named = BY_PROPERTY.contains(keyword) || BY_OTHER_NAME.contains(keyword);
            object.forEach((name, member) -> each(named ? "" : name, member, names));
        }
    }

    /** The names of one tool. Not modified after it is made. */
    private static final class ToolProperties {
        /** The names to send by the client's. */
        private final Map<String, String> sent = new HashMap<>();

        private final Map<String, String> clients = new HashMap<>();

        /** @param refused the client's names to replace */
        ToolProperties(JsonObject schema, Set<String> refused) {
            Set<String> taken = new HashSet<>();
            each("", schema, taken::add);
            for (String name : refused) {
                String free = Tool.replacement(name, name, LONGEST_BEGINNING, HASH_BYTES, taken::add);
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

        /** @param keyword has the value; empty for a schema */
        JsonValue schema(String keyword, JsonValue value) {
            if (OF_VALUES.contains(keyword)) {
                return value(value);
            }
            if (value instanceof JsonString text) {
                return switch (keyword) {
                    case NAME -> JsonTree.string(sent(text.getString()));
                    case SchemaReferences.REFERENCE -> JsonTree.string(reference(text.getString()));
                    default -> value;
                };
            }
            boolean byProperty = BY_PROPERTY.contains(keyword);
            boolean named = byProperty || BY_OTHER_NAME.contains(keyword);
            String ofItems = keyword.equals(REQUIRED) ? NAME : "";
            return copy(value, byProperty ? this::sent : UnaryOperator.identity(), (name, member) -> {
                if (keyword.equals(PROPERTIES)) {
                    return titled(name, schema("", member));
                }
                String inner = member instanceof JsonArray ? REQUIRED : "";
                return schema(named ? inner : value instanceof JsonArray ? ofItems : name, member);
            });
        }

        /** A value of the schema: the input of a call, or an example. */
        JsonValue value(JsonValue value) {
            return copy(value, this::sent, (name, member) -> value(member));
        }

        /** The title of a property shows the client's name, since the other may say nothing of it. */
        private JsonValue titled(String name, JsonValue property) {
            boolean hidden = sent.containsKey(name)
                    && property instanceof JsonObject found
                    && !found.containsKey(TITLE)
                    && !found.containsKey(SchemaReferences.REFERENCE);
            return hidden
                    ? JsonTree.newObject(property.asJsonObject())
                            .add(TITLE, name)
                            .build()
                    : property;
        }

        private String reference(String reference) {
            return SchemaReferences.renamed(reference, BY_PROPERTY, BY_OTHER_NAME, this::sent);
        }

        private String sent(String name) {
            return sent.getOrDefault(name, name);
        }

        /** @param members receives the name of a member, or an empty one for an item, and the value */
        private static JsonValue copy(
                JsonValue value, UnaryOperator<String> names, BiFunction<String, JsonValue, JsonValue> members) {
            if (value instanceof JsonArray items) {
                var copy = JsonTree.newArray();
                items.forEach(item -> copy.add(members.apply("", item)));
                return copy.build();
            }
            if (!(value instanceof JsonObject object)) {
                return value;
            }
            var copy = JsonTree.newObject();
            object.forEach((name, member) -> copy.add(names.apply(name), members.apply(name, member)));
            return copy.build();
        }
    }
}
