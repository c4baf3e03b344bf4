package dev.warder.policy;

import dev.warder.config.InvalidValueException;
import dev.warder.config.TextFile;
import dev.warder.json.JsonTree;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The content of {@code policy.file}; {@link PolicyReader} reads it. */
public final class PolicyFile {
    /** More than 10,000 clients need. The tree of a file takes many times its size. */
    private static final int MOST_BYTES = 4 << 20;

    private PolicyFile() {}

    /**
     * The document of a file.
     *
     * @throws InvalidValueException if it is too large, or not one JSON object with members of different names
     */
    private static JsonObject document(byte[] content) throws InvalidValueException {
        if (content.length > MOST_BYTES) {
            throw new InvalidValueException("is larger than 4 MiB");
        }
        Optional<JsonObject> document = JsonTree.parseWholeDistinctObject(TextFile.decodeText(content));
        return document.orElseThrow(
                () -> new InvalidValueException("is not one JSON object, or has two members of one name"));
    }

    /**
     * The policy of a file alone.
     *
     * @param byDefault what holds for clients that no budget limits; empty if the operator has not decided
     * @throws InvalidValueException with all problems, at most 20 of them in words; each names its place
     */
    static Policy parse(byte[] content, Optional<DefaultBudget> byDefault) throws InvalidValueException {
        return PolicyReader.read(document(content), byDefault);
    }

    /**
     * The objects of a file, each with the file's time zone in budgets that name none.
     *
     * @throws InvalidValueException with the problems of the file
     */
    public static SortedMap<PolicyName, JsonObject> objects(JsonObject file, Optional<DefaultBudget> byDefault)
            throws InvalidValueException {
        PolicyReader.read(file, byDefault);
        var objects = new TreeMap<PolicyName, JsonObject>();
        for (var kind : PolicyName.Kind.values()) {
            if (kind.single() && file.get(kind.word()) instanceof JsonObject object) {
                objects.put(new PolicyName(kind, ""), object);
            } else {
                // The arrays of a file have the plural.
                for (var object : JsonTree.array(file, kind.word() + "s").getValuesAs(JsonObject.class)) {
                    objects.put(new PolicyName(kind, JsonTree.text(object, "name")), object);
                }
            }
        }
        JsonTree.findText(file, "zone").ifPresent(zone -> objects.replaceAll((name, object) -> withZone(object, zone)));
        return objects;
    }

    private static JsonObject withZone(JsonObject object, String zone) {
        if (!(object.get(BudgetReader.MEMBER) instanceof JsonArray budgets)) {
            return object;
        }
        var all = JsonTree.newArray();
        for (var each : budgets) {
            all.add(
                    each instanceof JsonObject budget && !budget.containsKey("zone")
                            ? JsonTree.newObject(budget).add("zone", zone).build()
                            : each);
        }
        return JsonTree.newObject(object).add(BudgetReader.MEMBER, all).build();
    }
}
