package dev.warder.adminapi;

import dev.warder.json.JsonTree;
import dev.warder.policy.Period;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.util.List;

/**
 * The budgets by period in the definition of a client, a team or the organization, and the word {@code unlimited} of a client or a
 * team. That word holds for all periods; callers set and remove it as the limit of {@link #OF_UNLIMITED}.
 */
final class PeriodBudgets {
    private static final String BUDGETS = "budgets";
    private static final JsonString UNLIMITED = JsonTree.string("unlimited");
    private static final int CENT_DECIMALS = 2;

    /** The period of the limit without an amount, as which callers see the word {@code unlimited}. */
    static final Period OF_UNLIMITED = Period.MONTH;

    private PeriodBudgets() {}

    static boolean isUnlimited(JsonObject definition) {
        return items(definition).contains(UNLIMITED);
    }

    static JsonObject unlimited(JsonObject definition) {
        var rest = JsonTree.newArray();
        items(definition).stream()
                .filter(item -> !isOf(OF_UNLIMITED, item) && !item.equals(UNLIMITED))
                .forEach(rest::add);
        return JsonTree.newObject(definition).add(BUDGETS, rest.add(UNLIMITED)).build();
    }

    static List<JsonObject> of(JsonObject definition, Period period) {
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
     * The definition with a limit for a period that enforces, without the word {@code unlimited}, which does not go with one, and
     * all else as it was.
     *
     * @param cents the limit in US cents
     */
    static JsonObject with(JsonObject definition, Period period, long cents) {
        String dollars = BigDecimal.valueOf(cents, CENT_DECIMALS).toPlainString();
        var items = JsonTree.newArray();
        boolean found = false;
        for (var item : JsonTree.array(definition, BUDGETS)) {
            if (item.equals(UNLIMITED)) {
                continue;
            }
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

    /** The definition without the limit of a period. A budget that only warns, which may be there with the word, is removed first. */
    static JsonObject without(JsonObject definition, Period period) {
        boolean word = period == OF_UNLIMITED && of(definition, period).isEmpty();
        var rest = items(definition).stream()
                .filter(item -> !isOf(period, item) && !(word && item.equals(UNLIMITED)))
                .toList();
        var changed = JsonTree.newObject(definition);
        return (rest.isEmpty() ? changed.remove(BUDGETS) : changed.add(BUDGETS, JsonTree.newArray(rest))).build();
    }

    private static List<JsonValue> items(JsonObject definition) {
        return UNLIMITED.equals(definition.get(BUDGETS)) ? List.of(UNLIMITED) : JsonTree.array(definition, BUDGETS);
    }
}
