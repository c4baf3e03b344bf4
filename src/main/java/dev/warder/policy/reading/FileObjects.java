package dev.warder.policy.reading;

import dev.warder.config.InvalidValueException;
import dev.warder.json.JsonTree;
import dev.warder.policy.store.PolicyKind;
import dev.warder.policy.store.PolicyName;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The objects of {@code policy.file} one by one, as they would be in the database. */
public final class FileObjects {
    private FileObjects() {}

    /**
     * The objects of a file, each with the file's time zone in budgets that name none.
     *
     * @throws InvalidValueException with the problems of the file
     */
    public static SortedMap<PolicyName, String> read(JsonObject file, Optional<DefaultBudget> byDefault)
            throws InvalidValueException {
        PolicyReader.read(file, byDefault);
        var objects = of(file);
        var zone = JsonTree.findText(file, "zone");
        if (zone.isPresent()) {
            objects.replaceAll(
                    (name, document) -> withZone(JsonTree.parseObject(document).orElseThrow(), zone.get())
                            .toString());
        }
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

    /** The objects of a file that was read without a problem. */
    static SortedMap<PolicyName, String> of(byte[] content) {
        try {
            return of(PolicyFile.document(content));
        } catch (InvalidValueException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static SortedMap<PolicyName, String> of(JsonObject file) {
        var objects = new TreeMap<PolicyName, String>();
        for (var kind : PolicyKind.values()) {
            if (kind.single() && file.get(kind.word()) instanceof JsonObject object) {
                objects.put(new PolicyName(kind, ""), object.toString());
            } else {
                // The arrays of a file have the plural.
                for (var item : JsonTree.array(file, kind.word() + "s")) {
                    var object = item.asJsonObject();
                    objects.put(new PolicyName(kind, JsonTree.text(object, "name")), object.toString());
                }
            }
        }
        return objects;
    }
}
