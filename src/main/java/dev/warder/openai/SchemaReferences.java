package dev.warder.openai;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The {@code $ref}s of a JSON schema, of which structured outputs take none that leads outside and none that leads back
 * to where it stands. One thread at a time.
 */
final class SchemaReferences {
    private static final Set<String> DEFINITIONS = Set.of("$defs", "definitions");

    /** By the pointer of a definition, or empty for the schema's own part: the pointers it refers to. */
    private final Map<String, Set<String>> references = new HashMap<>();

    private SchemaReferences() {}

    /** Whether every reference leads to a definition of the schema and none in a circle. */
    static boolean areTaken(JsonObject schema) {
        var found = new SchemaReferences();
        found.collect(schema, "#", true);
        return found.leadsOut("#", new HashSet<>(), new HashSet<>());
    }

    private void collect(JsonValue value, String owner, boolean root) {
        if (value instanceof JsonArray items) {
            items.forEach(item -> collect(item, owner, false));
        } else if (value instanceof JsonObject object) {
            references.computeIfAbsent(owner, unseen -> new HashSet<>());
            object.forEach((name, member) -> member(owner, root, name, member));
        }
    }

    private void member(String owner, boolean root, String name, JsonValue member) {
        if (root && DEFINITIONS.contains(name) && member instanceof JsonObject definitions) {
            definitions.forEach((key, schema) -> collect(schema, "#/" + name + "/" + key, false));
        } else if (name.equals("$ref") && member instanceof JsonString target) {
            references.computeIfAbsent(owner, unseen -> new HashSet<>()).add(target.getString());
        } else {
            collect(member, owner, false);
        }
    }

    private boolean leadsOut(String from, Set<String> path, Set<String> done) {
        if (done.contains(from)) {
            return true;
        }
        var targets = references.get(from);
        if (targets == null || !path.add(from)) {
            return false;
        }
        boolean out = targets.stream().allMatch(target -> leadsOut(target, path, done));
        path.remove(from);
        done.add(from);
        return out;
    }
}
