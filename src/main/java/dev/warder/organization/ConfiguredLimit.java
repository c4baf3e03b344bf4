package dev.warder.organization;

import dev.warder.json.JsonTree;
import dev.warder.policy.Period;
import dev.warder.policy.store.PolicyKind;
import dev.warder.policy.store.PolicyName;
import dev.warder.spendlimit.LimitWords;
import dev.warder.spendlimit.PeriodBudgets;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A budget of a client, a team or the organization by day, week or month, as a spend limit of Anthropic's Admin API ({@code
 * SpendLimit}, Java SDK 3.10.0). Immutable.
 *
 * @param owner whose budget it is
 * @param budget its JSON object in the definition of the owner; empty for the word {@code unlimited}
 * @param createdAt when the owner was created; 1970 for an owner in {@code policy.file}, which does not state it
 */
record ConfiguredLimit(PolicyName owner, Period period, JsonObject budget, Instant createdAt, Instant changedAt) {
    private static final int CENT_DECIMALS = 2;

    /** The limits of an object of the policy, the shortest period first. */
    static List<ConfiguredLimit> of(PolicyName owner, JsonObject object) {
        var limits = new ArrayList<ConfiguredLimit>();
        if (!hasLimits(owner.kind())) {
            return limits;
        }
        var definition = JsonTree.object(object, "definition");
        for (var period : LimitWords.PERIODS) {
            for (var budget : PeriodBudgets.of(definition, period)) {
                limits.add(of(owner, period, budget, object));
            }
            // A budget of this period that only warns may be there too, and has the same id.
            if (period == PeriodBudgets.OF_UNLIMITED
                    && PeriodBudgets.isUnlimited(definition)
                    && PeriodBudgets.of(definition, period).isEmpty()) {
                limits.add(of(owner, period, JsonValue.EMPTY_JSON_OBJECT, object));
            }
        }
        return limits;
    }

    private static ConfiguredLimit of(PolicyName owner, Period period, JsonObject budget, JsonObject object) {
        return new ConfiguredLimit(owner, period, budget, instant(object, "created_at"), instant(object, "changed_at"));
    }

    /** Whether the Admin API has limits of this kind. */
    static boolean hasLimits(PolicyKind kind) {
        return kind == PolicyKind.ORGANIZATION || kind == PolicyKind.TEAM || kind == PolicyKind.CLIENT;
    }

    private static Instant instant(JsonObject object, String member) {
        return JsonTree.findText(object, member).map(Instant::parse).orElse(Instant.EPOCH);
    }

    /** As {@link SpendLimitRows#id}. */
    String id() {
        return SpendLimitRows.id(owner.text() + "/" + period.word());
    }

    /** The document. */
    JsonObject document() {
        return JsonTree.typed("spend_limit")
                .add("id", id())
                .add("amount", budget.isEmpty() ? JsonValue.NULL : JsonTree.string(cents()))
                .add("created_at", createdAt.toString())
                .add("currency", "USD")
                .add(
                        "is_enabled",
                        JsonTree.findText(budget, "mode").orElse("enforce").equals("enforce"))
                .add("period", LimitWords.word(period))
                .add("scope", scope(owner))
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

    private static JsonObject scope(PolicyName owner) {
        return switch (owner.kind()) {
            case CLIENT -> JsonTree.typed("user").add("user_id", owner.name()).build();
            case TEAM ->
                JsonTree.typed("workspace").add("workspace_id", owner.name()).build();
            case ORGANIZATION, TAG, MODEL, SESSIONS ->
                JsonTree.typed("organization").build();
        };
    }
}
