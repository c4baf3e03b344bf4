package dev.warder.admin.page;

import dev.warder.config.TextFile;
import dev.warder.http.Form;
import dev.warder.json.JsonTree;
import dev.warder.policy.PolicyName;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A form for a definition, made of its schema in {@code openapi.json}: a field for each member, a line for each item of a list,
 * and groups for budgets and limits. A field is named by the path of its member, such as {@code budgets.0.amount}. Immutable.
 */
public record DefinitionForm(JsonObject schema) {
    private static final JsonObject SCHEMAS = schemas();
    private static final String PROPERTIES = "properties";
    private static final String UNLIMITED = "unlimited";

    /** One for each period. */
    private static final int MOST_BUDGETS = 5;

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");
    private static final Pattern INDEX = Pattern.compile("\\.(\\d+)");

    /** The forms of a member. */
    private enum Shape {
        TEXT,
        NUMBER,
        CHOICE,
        LINES,
        CHECKS,
        GROUP,
        BUDGETS
    }

    /**
     * A field, or a group of fields. Immutable.
     *
     * @param type that of an {@code input}, or {@code select}, {@code lines} or {@code group}
     * @param hint what it means; empty for none
     * @param options of a {@code select}
     * @param problem why its value was refused; empty for none
     * @param fields those of a group
     */
    public record Field(
            String name,
            String type,
            String label,
            String hint,
            String value,
            List<String> options,
            String problem,
            List<Field> fields) {
        private static Field of(String name, String type, String label, String hint, String value, String problem) {
            return new Field(name, type, label, hint, value, List.of(), problem, List.of());
        }

        private static Field group(String name, String label, String hint, String problem, List<Field> fields) {
            return new Field(name, "group", label, hint, "", List.of(), problem, fields);
        }
    }

    /** The terms of a token. */
    static final DefinitionForm TERMS = new DefinitionForm(JsonTree.object(SCHEMAS, "TokenTerms"));

    /** The terms of a new token without its end, which has a field of its own. */
    public static final DefinitionForm NEW_TERMS = new DefinitionForm(JsonTree.merge(
            TERMS.schema,
            JsonTree.parseObject("{\"properties\":{\"expires\":null}}").orElseThrow()));

    /**
     * A form as a page shows it: with fields, or with the definition as JSON.
     *
     * @param fields empty for JSON
     * @param isOdd whether the definition has what the fields cannot show
     */
    public record Shown(List<Field> fields, String json, boolean isOdd) {
        public boolean asJson() {
            return fields.isEmpty();
        }
    }

    public static DefinitionForm of(PolicyName.Kind kind) {
        return new DefinitionForm(JsonTree.object(SCHEMAS, capital(kind.word()) + "Definition"));
    }

    /** The names of the members, with the words of those that are a choice. */
    public String members() {
        return JsonTree.object(schema, PROPERTIES).entrySet().stream()
                .map(member ->
                        member.getKey() + choices(resolved(member.getValue().asJsonObject())))
                .collect(Collectors.joining(", "));
    }

    private static String choices(JsonObject property) {
        return switch (shape(property)) {
            case CHOICE -> words(property).collect(Collectors.joining(" or ", " (", ")"));
            case CHECKS -> words(items(property)).collect(Collectors.joining(", ", " (", ")"));
            default -> "";
        };
    }

    /** True if a form was sent with fields, and not with JSON. */
    static boolean hasFields(Form typed) {
        return typed.value("tab").equals("fields");
    }

    /**
     * The form of a page.
     *
     * @param member the field with the JSON
     * @param begin the definition to begin with, of which a new one may leave members empty
     * @param isNew whether nothing is stored yet
     */
    Shown shown(PageRequest request, Draft draft, Draft.Part part, String member, JsonObject begin, boolean isNew) {
        var typed = draft.typed();
        if (draft.is(part)) {
            return hasFields(typed)
                    ? new Shown(fields(typed.values(), draft.problem()), "", false)
                    : new Shown(List.of(), PrettyJson.visible(typed.value(member)), false);
        }
        boolean isOdd = !isNew && !shows(begin);
        boolean asJson = isOdd || request.query().value("tab").equals("json");
        return new Shown(asJson ? List.of() : fields(values(begin), ""), PrettyJson.of(begin), isOdd);
    }

    private static JsonObject schemas() {
        String text = TextFile.of(DefinitionForm.class, "/dev/warder/admin/openapi.json");
        return JsonTree.parseObject(text)
                .map(document -> JsonTree.object(JsonTree.object(document, "components"), "schemas"))
                .orElse(JsonObject.EMPTY_JSON_OBJECT);
    }

    /** True if the fields can show all of it, so that it stays as it is if no field is changed. */
    boolean shows(JsonObject definition) {
        var values = values(definition);
        boolean areSeen =
                values.values().stream().flatMapToInt(String::codePoints).allMatch(Templates::isShown);
        return areSeen && definition(values).equals(definition);
    }

    /** The values of the fields for a definition. */
    static Map<String, String> values(JsonObject definition) {
        var values = new HashMap<String, String>();
        definition.forEach((member, value) -> add(member, value, values));
        return values;
    }

    private static void add(String path, JsonValue value, Map<String, String> values) {
        if (value instanceof JsonObject object) {
            object.forEach((member, each) -> add(path + "." + member, each, values));
        } else if (value instanceof JsonArray array) {
            int index = 0;
            for (var each : array) {
                add(each instanceof JsonObject ? path + "." + index++ : path, each, values);
            }
        } else if (value instanceof JsonString text) {
            values.merge(path, text.getString(), (one, other) -> one + "\n" + other);
            // The box of this word, if the member has boxes.
            values.put(path + "." + text.getString(), "yes");
        } else {
            values.put(path, value.toString());
        }
    }

    /** The definition that the fields have. Values that are wrong become what the reader of definitions refuses. */
    JsonObject definition(Map<String, String> values) {
        return object(schema, "", values);
    }

    private static JsonObject object(JsonObject schema, String path, Map<String, String> values) {
        var object = JsonTree.newObject();
        JsonTree.object(schema, PROPERTIES)
                .forEach((member, property) ->
                        add(object, member, resolved(property.asJsonObject()), path + member, values));
        return object.build();
    }

    private static void add(
            JsonObjectBuilder object, String member, JsonObject property, String path, Map<String, String> values) {
        String text = values.getOrDefault(path, "").strip();
        switch (shape(property)) {
            case TEXT, CHOICE, NUMBER -> {
                if (shape(property) == Shape.NUMBER && NUMBER.matcher(text).matches()) {
                    object.add(member, Long.parseLong(text));
                } else if (!text.isEmpty()) {
                    object.add(member, text);
                }
            }
            case LINES ->
                addItems(object, member, text.lines().map(String::strip).filter(line -> !line.isEmpty()));
            case CHECKS ->
                addItems(object, member, words(items(property)).filter(word -> isChecked(values, path, word)));
            case GROUP -> {
                var group = object(property, path + ".", values);
                if (!group.isEmpty()) {
                    object.add(member, group);
                }
            }
            case BUDGETS -> {
                var budgets = IntStream.range(0, MOST_BUDGETS)
                        .mapToObj(i -> object(items(property), path + "." + i + ".", values))
                        .filter(budget -> !budget.isEmpty());
                boolean unlimited = isChecked(values, path, UNLIMITED);
                var all = Stream.concat(budgets, unlimited ? Stream.of(UNLIMITED) : Stream.of())
                        .toList();
                if (all.equals(List.of(UNLIMITED))) {
                    object.add(member, UNLIMITED);
                } else {
                    addItems(object, member, all.stream());
                }
            }
        }
    }

    private static void addItems(JsonObjectBuilder object, String member, Stream<?> items) {
        var all = items.toList();
        if (!all.isEmpty()) {
            object.add(member, JsonTree.newArray(all));
        }
    }

    private static boolean isChecked(Map<String, String> values, String path, String word) {
        return !values.getOrDefault(path + "." + word, "").isEmpty();
    }

    /** @param problem the reasons why the values were refused; empty for none */
    List<Field> fields(Map<String, String> values, String problem) {
        return fields(schema, "", values, List.of(problem.split("; ")));
    }

    private static List<Field> fields(
            JsonObject schema, String path, Map<String, String> values, List<String> problems) {
        var fields = new ArrayList<Field>();
        JsonTree.object(schema, PROPERTIES)
                .forEach((member, property) ->
                        fields.add(field(resolved(property.asJsonObject()), path + member, member, values, problems)));
        return fields;
    }

    private static Field field(
            JsonObject property, String path, String member, Map<String, String> values, List<String> problems) {
        String hint = hint(property);
        String label = capital(member.replace('_', ' '));
        String value = values.getOrDefault(path, "").replace("\r\n", "\n");
        var shape = shape(property);
        String problem = problem(path, shape == Shape.GROUP || shape == Shape.BUDGETS, problems);
        return switch (shape) {
            case TEXT -> Field.of(path, "text", label, hint, value, problem);
            case NUMBER -> Field.of(path, "number", label, hint, value, problem);
            case CHOICE -> {
                // Also a word that a newer node knows.
                var options = Stream.concat(words(property), Stream.of(value)).filter(word -> !word.isEmpty());
                yield new Field(
                        path, "select", label, hint, value, options.distinct().toList(), problem, List.of());
            }
            case LINES ->
                Field.of(path, "lines", label, hint + " One a line" + example(items(property)) + ".", value, problem);
            case CHECKS -> {
                var boxes = words(items(property)).map(word -> box(path, word, values));
                yield Field.group(path, label, hint, problem, boxes.toList());
            }
            case GROUP -> Field.group(path, label, hint, problem, fields(property, path + ".", values, problems));
            case BUDGETS -> Field.group(path, label, hint, problem, budgets(property, path, values, problems));
        };
    }

    private static List<Field> budgets(
            JsonObject property, String path, Map<String, String> values, List<String> problems) {
        var groups = new ArrayList<Field>();
        // Groups without a value make no budget, and the problems count the budgets.
        var used = IntStream.range(0, MOST_BUDGETS)
                .mapToObj(i -> below(path + "." + i + ".", values))
                .filter(group -> !group.isEmpty())
                .toList();
        for (int i = 0; i < Math.min(used.size() + 1, MOST_BUDGETS); i++) {
            String place = path + "." + i;
            var group = new HashMap<String, String>();
            if (i < used.size()) {
                used.get(i).forEach((member, value) -> group.put(place + "." + member, value));
            }
            var fields = fields(items(property), place + ".", group, problems);
            String label = i < used.size() ? "Budget " + (i + 1) : "Another budget";
            groups.add(Field.group(place, label, "", problem(place, true, problems), fields));
        }
        if (property.containsKey("anyOf")) {
            groups.add(box(path, UNLIMITED, values));
        }
        return groups;
    }

    /** The values of members below a path, by their names there, without blank ones. */
    private static Map<String, String> below(String path, Map<String, String> values) {
        return values.entrySet().stream()
                .filter(each ->
                        each.getKey().startsWith(path) && !each.getValue().isBlank())
                .collect(Collectors.toMap(each -> each.getKey().substring(path.length()), Map.Entry::getValue));
    }

    private static Field box(String path, String word, Map<String, String> values) {
        String value = isChecked(values, path, word) ? "yes" : "";
        return Field.of(path + "." + word, "checkbox", word, "", value, "");
    }

    /**
     * Those of a member, which may follow the name of the object.
     *
     * @param isGroup whether members below it have fields for their own
     */
    private static String problem(String path, boolean isGroup, List<String> problems) {
        var place = INDEX.matcher(path).replaceAll(index -> ": item " + (Integer.parseInt(index.group(1)) + 1));
        String begin = ": " + place.replace(".", ": ") + ": ";
        return problems.stream()
                .map(problem -> ": " + problem)
                .filter(problem -> problem.contains(begin))
                .map(problem -> problem.substring(problem.indexOf(begin) + begin.length()))
                .filter(reason -> !isGroup || !reason.contains(": "))
                .collect(Collectors.joining("; "));
    }

    private static Shape shape(JsonObject property) {
        if (property.containsKey("enum")) {
            return Shape.CHOICE;
        }
        if (property.containsKey("anyOf")) {
            return Shape.BUDGETS;
        }
        return switch (JsonTree.text(property, "type")) {
            case "integer" -> Shape.NUMBER;
            case "object" -> Shape.GROUP;
            case "array" -> {
                var items = items(property);
                yield items.containsKey(PROPERTIES)
                        ? Shape.BUDGETS
                        : items.containsKey("enum") ? Shape.CHECKS : Shape.LINES;
            }
            default -> Shape.TEXT;
        };
    }

    /** The schema of the items of a list, which may have the word {@code unlimited} among them or instead of all. */
    private static JsonObject items(JsonObject list) {
        var array = list.containsKey("anyOf") ? list.getJsonArray("anyOf").getJsonObject(1) : list;
        var items = array.getJsonObject("items");
        return resolved(items.containsKey("anyOf") ? items.getJsonArray("anyOf").getJsonObject(0) : items);
    }

    private static JsonObject resolved(JsonObject schema) {
        String reference = JsonTree.text(schema, "$ref");
        return reference.isEmpty()
                ? schema
                : JsonTree.merge(JsonTree.object(SCHEMAS, reference.substring(reference.lastIndexOf('/') + 1)), schema);
    }

    private static Stream<String> words(JsonObject schema) {
        return JsonTree.array(schema, "enum").stream().map(word -> ((JsonString) word).getString());
    }

    private static String hint(JsonObject schema) {
        String standard = JsonTree.text(schema, "default");
        return JsonTree.text(schema, "description")
                + (standard.isEmpty() ? "" : " " + capital(standard) + " if it is left out.")
                + (schema.containsKey("examples") ? " For example " + first(schema) + "." : "");
    }

    private static String example(JsonObject schema) {
        return schema.containsKey("examples") ? ", for example " + first(schema) : "";
    }

    private static String first(JsonObject schema) {
        return schema.getJsonArray("examples").getString(0);
    }

    private static String capital(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }
}
