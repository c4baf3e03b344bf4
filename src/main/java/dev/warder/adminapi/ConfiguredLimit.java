package dev.warder.adminapi;

import dev.warder.config.InvalidValueException;
import dev.warder.http.Sha256;
import dev.warder.json.JsonTree;
import dev.warder.policy.Period;
import dev.warder.policy.PolicyName;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A budget of a client, a team or the organization by day, week or month, as a spend limit of Anthropic's Admin API ({@code
 * SpendLimit}, Java SDK 3.10.0). The word {@code unlimited} of a client or a team holds for all periods; callers see, set and
 * remove it as the limit of {@link #OF_UNLIMITED}. Immutable.
 *
 * @param owner whose budget it is
 * @param budget its JSON object in the definition of the owner; empty for the word {@code unlimited}
 * @param createdAt when the owner was created
 */
record ConfiguredLimit(PolicyName owner, Period period, JsonObject budget, Instant createdAt, Instant changedAt) {
    /** The periods that a spend limit can have, the shortest first. Hours and budgets that never begin again have no word. */
    static final Set<Period> PERIODS = Collections.unmodifiableSet(EnumSet.of(Period.DAY, Period.WEEK, Period.MONTH));

    /** The period of the limit without an amount, as which callers see the word {@code unlimited}. */
    static final Period OF_UNLIMITED = Period.MONTH;

    private static final String BUDGETS = "budgets";
    private static final JsonString UNLIMITED = JsonTree.string("unlimited");
    private static final Set<PolicyName.Kind> KINDS =
            EnumSet.of(PolicyName.Kind.ORGANIZATION, PolicyName.Kind.TEAM, PolicyName.Kind.CLIENT);
    private static final int CENT_DECIMALS = 2;
    private static final int ID_BYTES = 12;

    static List<ConfiguredLimit> of(PolicyName owner, JsonObject definition, Instant createdAt, Instant changedAt) {
        var limits = new ArrayList<ConfiguredLimit>();
        if (!KINDS.contains(owner.kind())) {
            return limits;
        }
        for (var period : PERIODS) {
            var budgets = ofPeriod(definition, period);
            budgets.forEach(budget -> limits.add(new ConfiguredLimit(owner, period, budget, createdAt, changedAt)));
            // A budget of this period that only warns may be there too, and has the same id.
            if (period == OF_UNLIMITED && budgets.isEmpty() && items(definition).contains(UNLIMITED)) {
                limits.add(new ConfiguredLimit(owner, period, JsonValue.EMPTY_JSON_OBJECT, createdAt, changedAt));
            }
        }
        return limits;
    }

    String id() {
        return id(owner.text() + "/" + period.word());
    }

    JsonObject json() {
        return JsonTree.typed("spend_limit")
                .add("id", id())
                .add("amount", budget.isEmpty() ? JsonValue.NULL : JsonTree.string(cents()))
                .add("created_at", createdAt.toString())
                .add("currency", "USD")
                .add(
                        "is_enabled",
                        JsonTree.findText(budget, "mode").orElse("enforce").equals("enforce"))
                .add("period", word(period))
                .add(
                        "scope",
                        switch (owner.kind()) {
                            case CLIENT -> JsonTree.typed("user").add("user_id", owner.name());
                            case TEAM -> JsonTree.typed("workspace").add("workspace_id", owner.name());
                            case ORGANIZATION, TAG, MODEL, SESSIONS -> JsonTree.typed("organization");
                        })
                .add("updated_at", changedAt.toString())
                .build();
    }

    /** Whole cents, rounded down: a limit must not look higher than it is. */
    private String cents() {
        return Optional.of(JsonTree.text(budget, "amount"))
                .filter(text -> text.matches("[0-9.]+"))
                .map(text -> new BigDecimal(text)
                        .movePointRight(CENT_DECIMALS)
                        .setScale(0, RoundingMode.FLOOR)
                        .toPlainString())
                .orElse("0");
    }

    /** The definition of an owner without a limit, by the word. */
    static JsonObject unlimited(JsonObject definition) {
        var rest = JsonTree.newArray();
        items(definition).stream()
                .filter(item -> !isOf(OF_UNLIMITED, item) && !item.equals(UNLIMITED))
                .forEach(rest::add);
        return JsonTree.newObject(definition).add(BUDGETS, rest.add(UNLIMITED)).build();
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
        for (var item : JsonTree.array(definition, BUDGETS)) {
            if (isOf(period, item)) {
                items.add(JsonTree.newObject(item.asJsonObject())
                        .add("amount", dollars)
                        .remove("mode"));
            } else if (!item.equals(UNLIMITED)) {
                items.add(item);
            }
        }
        if (ofPeriod(definition, period).isEmpty()) {
            items.add(JsonTree.newObject().add("amount", dollars).add("period", period.word()));
        }
        return JsonTree.newObject(definition).add(BUDGETS, items).build();
    }

    /** The definition without the limit of a period. A budget that only warns, which may be there with the word, is removed first. */
    static JsonObject without(JsonObject definition, Period period) {
        boolean word = period == OF_UNLIMITED && ofPeriod(definition, period).isEmpty();
        var rest = items(definition).stream()
                .filter(item -> !isOf(period, item) && !(word && item.equals(UNLIMITED)))
                .toList();
        var changed = JsonTree.newObject(definition);
        return (rest.isEmpty() ? changed.remove(BUDGETS) : changed.add(BUDGETS, JsonTree.newArray(rest))).build();
    }

    private static List<JsonObject> ofPeriod(JsonObject definition, Period period) {
        return JsonTree.array(definition, BUDGETS).stream()
                .filter(item -> isOf(period, item))
                .map(JsonValue::asJsonObject)
                .toList();
    }

    private static boolean isOf(Period period, JsonValue item) {
        return item instanceof JsonObject budget
                && JsonTree.text(budget, "period").equals(period.word());
    }

    private static List<JsonValue> items(JsonObject definition) {
        return UNLIMITED.equals(definition.get(BUDGETS)) ? List.of(UNLIMITED) : JsonTree.array(definition, BUDGETS);
    }

    static String word(Period period) {
        return switch (period) {
            case DAY -> "daily";
            case WEEK -> "weekly";
            case MONTH -> "monthly";
            case HOUR, LIFETIME -> throw new IllegalArgumentException("a spend limit has no such period");
        };
    }

    /**
     * The period of a word.
     *
     * @throws InvalidValueException if there is none, with the reason for the caller
     */
    static Period period(String word) throws InvalidValueException {
        return PERIODS.stream()
                .filter(each -> word(each).equals(word))
                .findFirst()
                .orElseThrow(() -> new InvalidValueException("period: must be daily, weekly or monthly"));
    }

    /**
     * An amount in whole US cents, below a billion dollars.
     *
     * @throws InvalidValueException if it is none, with the reason for the caller
     */
    static long cents(String text) throws InvalidValueException {
        if (!text.matches("0|[1-9][0-9]{0,10}")) {
            throw new InvalidValueException("amount: must be whole cents in a string, such as \"50000\"");
        }
        return Long.parseLong(text);
    }

    /** The id of a limit, which stays the same as long as the budget exists, also when its amount changes. */
    static String id(String budget) {
        return "spl_" + Sha256.hex(budget, ID_BYTES);
    }
}
