package dev.warder.cli.admin;

import dev.warder.cli.DefinitionOptions;
import dev.warder.json.JsonTree;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Changes the member {@code budgets} of a definition. Each budget is known by its period, and the word by itself. */
final class BudgetEdits {
    static final String MEMBER = "budgets";
    static final String UNLIMITED = "unlimited";

    private static final String AMOUNT = "amount";
    private static final String PERIOD = "period";

    private BudgetEdits() {}

    /** Adds a budget for a period that has none. */
    static JsonObject create(JsonObject definition, String amount, String period, Map<String, String> options)
            throws AdminException {
        requireNone(definition, period);
        var items = items(definition);
        items.add(budget(JsonValue.EMPTY_JSON_OBJECT, amount, period, options));
        return with(definition, items);
    }

    /**
     * Adds a budget, or changes that of its period. If it enforces, it replaces the word, which cannot be there at the same time.
     */
    static JsonObject set(JsonObject definition, String amount, String period, Map<String, String> options) {
        var items = items(definition);
        int index = 0;
        while (index < items.size() && !name(items.get(index)).equals(period)) {
            index++;
        }
        var before = index < items.size() ? items.get(index).asJsonObject() : JsonValue.EMPTY_JSON_OBJECT;
        var budget = budget(before, amount, period, options);
        if (index < items.size()) {
            items.set(index, budget);
        } else {
            items.add(budget);
        }
        if (enforces(budget)) {
            items.removeIf(item -> item instanceof JsonString);
        }
        return with(definition, items);
    }

    /** Adds the word. */
    static JsonObject createUnlimited(JsonObject definition) throws AdminException {
        requireNone(definition, UNLIMITED);
        var items = items(definition);
        items.add(JsonTree.string(UNLIMITED));
        return with(definition, items);
    }

    /** Puts the word in the place of the budgets that enforce. */
    static JsonObject setUnlimited(JsonObject definition) {
        var items = items(definition);
        items.removeIf(item -> item instanceof JsonString || enforces(item));
        items.add(JsonTree.string(UNLIMITED));
        return with(definition, items);
    }

    /**
     * Removes a budget or the word.
     *
     * @param period a period, or the word
     */
    static JsonObject revoke(JsonObject definition, String period) throws AdminException {
        var items = items(definition);
        if (!items.removeIf(item -> name(item).equals(period))) {
            throw new AdminException("there is no budget of this period; there is: "
                    + (items.isEmpty()
                            ? "none"
                            : String.join(
                                    ", ", items.stream().map(BudgetEdits::name).toList())));
        }
        return with(definition, items);
    }

    /** The budgets of a definition, and the word if it has that. */
    static List<JsonValue> items(JsonObject definition) {
        JsonValue value = definition.getOrDefault(MEMBER, JsonValue.EMPTY_JSON_ARRAY);
        return new ArrayList<>(value instanceof JsonArray array ? array : List.of(value));
    }

    private static JsonObject with(JsonObject definition, List<JsonValue> items) {
        var changed = JsonTree.newObject(definition).remove(MEMBER);
        if (items.size() == 1 && items.get(0) instanceof JsonString word) {
            changed.add(MEMBER, word);
        } else if (!items.isEmpty()) {
            changed.add(MEMBER, JsonTree.newArray(items));
        }
        return changed.build();
    }

    private static JsonObject budget(JsonObject before, String amount, String period, Map<String, String> options) {
        var terms = JsonTree.newObject(before).add(AMOUNT, amount).add(PERIOD, period);
        return DefinitionOptions.apply(terms.build(), options);
    }

    private static void requireNone(JsonObject definition, String period) throws AdminException {
        if (items(definition).stream().anyMatch(item -> name(item).equals(period))) {
            throw new AdminException("there is one already (" + period + "); budget set changes it");
        }
    }

    private static String name(JsonValue item) {
        return item instanceof JsonObject budget ? JsonTree.text(budget, PERIOD) : AdminText.of(item);
    }

    private static boolean enforces(JsonValue item) {
        return item instanceof JsonObject budget
                && JsonTree.findText(budget, "mode").orElse("enforce").equals("enforce");
    }
}
