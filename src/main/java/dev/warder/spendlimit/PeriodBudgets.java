package dev.warder.spendlimit;

import dev.warder.json.JsonTree;
import dev.warder.policy.Period;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.util.List;

/** The budgets by period in the definition of a client, a team or the organization. */
public final class PeriodBudgets {
    private static final String BUDGETS = "budgets";
    private static final int CENT_DECIMALS = 2;

    private PeriodBudgets() {}

    /** The budgets of a period. */
    public static List<JsonObject> of(JsonObject definition, Period period) {
        return JsonTree.array(definition, BUDGETS).stream()
                .filter(item -> isOf(period, item))
                .map(JsonValue::asJsonObject)
                .toList();
    }

    private static boolean isOf(Period period, JsonValue item) {
        return item instanceof JsonObject budget
                && JsonTree.text(budget, "period").equals(period.word());
    }

    /**
     * The definition with a limit for a period that enforces, and all else as it was.
     *
     * @param cents the limit in US cents
     */
    public static JsonObject with(JsonObject definition, Period period, long cents) {
        String dollars = BigDecimal.valueOf(cents, CENT_DECIMALS).toPlainString();
        var items = JsonTree.newArray();
        boolean found = false;
        for (var item : items(definition)) {
            if (isOf(period, item)) {
                items.add(JsonTree.newObject(item.asJsonObject())
                        .add("amount", dollars)
                        .remove("mode"));
                found = true;
            } else {
                items.add(item);
            }
        }
        if (!found) {
            items.add(JsonTree.newObject().add("amount", dollars).add("period", period.word()));
        }
        return JsonTree.newObject(definition).add(BUDGETS, items).build();
    }

    /** The definition without the budgets of a period. */
    public static JsonObject without(JsonObject definition, Period period) {
        var rest =
                items(definition).stream().filter(item -> !isOf(period, item)).toList();
        var changed = JsonTree.newObject(definition);
        return (rest.isEmpty() ? changed.remove(BUDGETS) : changed.add(BUDGETS, JsonTree.newArray(rest))).build();
    }

    /** The budgets, without the word {@code unlimited}, which does not go with a limit. */
    private static List<JsonValue> items(JsonObject definition) {
        return JsonTree.array(definition, BUDGETS).stream()
                .filter(item -> !(item instanceof JsonString))
                .toList();
    }
}
