package dev.warder.openai.shared;

import dev.warder.json.JsonTree;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The {@code $ref}s of a closed JSON schema. Structured outputs accept no reference that leads outside the schema and
 * none that leads back to its own place. One thread at a time.
 */
final class SchemaReferences {
    static final String REFERENCE = "$ref";

    private static final Set<String> DEFINITIONS = Set.of("$defs", "definitions");
    private static final Pattern INDEX = Pattern.compile("0|[1-9][0-9]{0,8}");

    /** Each reference with the object that it leads to, which is compared by identity: equal objects are different places. */
    private final Map<String, Optional<JsonObject>> targets = new HashMap<>();

    private SchemaReferences() {}

    static boolean areSupported(JsonObject schema, boolean circles) {
        var found = new SchemaReferences();
        each(schema, reference -> found.targets.computeIfAbsent(reference, unseen -> find(schema, reference)));
        return found.targets.values().stream().allMatch(Optional::isPresent) && (circles || found.endEverywhere());
    }

    /** The schema without the definitions at its top to which nothing leads that is used. */
    static JsonObject withoutUnused(JsonObject schema) {
        var used = JsonTree.newObject(schema);
        DEFINITIONS.forEach(used::remove);
        // Of texts, since a set of lists takes the square of those that have the same hash.
        var found = new HashSet<String>();
        var open = new ArrayDeque<JsonObject>(List.of(used.build()));
        while (!open.isEmpty()) {
            each(open.remove(), reference -> {
                var steps = steps(reference);
                if (steps.size() > 2
                        && DEFINITIONS.contains(steps.get(1))
                        && found.add(steps.get(1) + "/" + steps.get(2))) {
                    open.add(JsonTree.object(JsonTree.object(schema, steps.get(1)), steps.get(2)));
                }
            });
        }
        var whole = JsonTree.newObject(schema);
        for (var definitions : DEFINITIONS) {
            var kept = JsonTree.newObject();
            JsonTree.object(schema, definitions).forEach((name, definition) -> {
                if (found.contains(definitions + "/" + name)) {
                    kept.add(name, definition);
                }
            });
            whole.remove(definitions);
            var built = kept.build();
            if (!built.isEmpty()) {
                whole.add(definitions, built);
            }
        }
        return whole.build();
    }

    private static List<String> steps(String reference) {
        return Stream.of(decoded(reference).split("/", -1))
                .map(SchemaReferences::unescaped)
                .toList();
    }

    private static String unescaped(String step) {
        return step.replace("~1", "/").replace("~0", "~");
    }

    /**
     * The reference with other names of properties.
     *
     * @param byProperty the keywords of maps by the names of properties
     * @param byOtherName the keywords of other maps of schemas
     * @param names the name for each name, which needs no escape where it differs
     */
    static String renamed(
            String reference, Set<String> byProperty, Set<String> byOtherName, UnaryOperator<String> names) {
        if (!reference.startsWith("#")) {
            return reference;
        }
        var steps = reference.split("/", -1);
        String keyword = "";
        for (int i = 1; i < steps.length; i++) {
            if (byProperty.contains(keyword)) {
                String name = unescaped(decoded(steps[i]));
                String renamed = names.apply(name);
                steps[i] = renamed.equals(name) ? steps[i] : renamed;
            }
            boolean isName = byProperty.contains(keyword) || byOtherName.contains(keyword);
            keyword = isName ? "" : steps[i];
        }
        return String.join("/", steps);
    }

    /** The schema that a reference leads to: a JSON pointer after {@code #}, in percent-encoding (RFC 6901, 6). */
    static Optional<JsonObject> find(JsonObject schema, String reference) {
        var steps = steps(reference);
        Optional<JsonValue> place = steps.get(0).equals("#") ? Optional.of(schema) : Optional.empty();
        for (int i = 1; i < steps.size() && place.isPresent(); i++) {
            place = step(place.get(), steps.get(i));
        }
        return place.filter(JsonObject.class::isInstance).map(JsonObject.class::cast);
    }

    private static String decoded(String reference) {
        try {
            // In a fragment, + is not a space.
            return URLDecoder.decode(reference.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return "";
        }
    }

    private static Optional<JsonValue> step(JsonValue from, String name) {
        if (from instanceof JsonArray items && INDEX.matcher(name).matches()) {
            int index = Integer.parseInt(name);
            return index < items.size() ? Optional.of(items.get(index)) : Optional.empty();
        }
        return from instanceof JsonObject object ? Optional.ofNullable(object.get(name)) : Optional.empty();
    }

    private static void each(JsonValue schema, Consumer<String> references) {
        if (schema instanceof JsonArray items) {
            items.forEach(item -> each(item, references));
        } else if (schema instanceof JsonObject object) {
            object.forEach((name, value) -> {
                if (ClosedSchema.OF_SCHEMAS.contains(name) && value instanceof JsonObject schemas) {
                    schemas.values().forEach(member -> each(member, references));
                } else if (name.equals(REFERENCE) && value instanceof JsonString reference) {
                    references.accept(reference.getString());
                } else {
                    each(value, references);
                }
            });
        }
    }

    private boolean endEverywhere() {
        var leads = new IdentityHashMap<JsonObject, Set<JsonObject>>();
        var arrivals = new IdentityHashMap<JsonObject, Integer>();
        targets.values().forEach(target -> leads.computeIfAbsent(target.orElseThrow(), this::leads));
        leads.values().forEach(to -> to.forEach(target -> arrivals.merge(target, 1, Integer::sum)));
        var free = new ArrayDeque<JsonObject>();
        leads.keySet().stream().filter(place -> !arrivals.containsKey(place)).forEach(free::add);
        int removed = 0;
        for (; !free.isEmpty(); removed++) {
            for (var target : leads.getOrDefault(free.remove(), Set.of())) {
                if (arrivals.merge(target, -1, Integer::sum) == 0) {
                    free.add(target);
                }
            }
        }
        return removed == leads.size();
    }

    private Set<JsonObject> leads(JsonObject from) {
        Set<JsonObject> to = Collections.newSetFromMap(new IdentityHashMap<>());
        each(from, reference -> targets.getOrDefault(reference, Optional.empty())
                .ifPresent(to::add));
        return to;
    }
}
