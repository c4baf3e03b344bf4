package dev.warder.adminapi;

import dev.warder.json.JsonTree;
import dev.warder.policy.Period;
import dev.warder.policy.PolicyKind;
import dev.warder.policy.PolicyName;
import dev.warder.principal.ObjectDocument;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import jakarta.json.bind.annotation.JsonbProperty;
import jakarta.json.bind.annotation.JsonbPropertyOrder;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A budget of a client, a team or the organization by day, week or month, as a spend limit of Anthropic's Admin API ({@code
 * SpendLimit}, Java SDK 3.10.0). Immutable.
 *
 * @param owner whose budget it is
 * @param budget its JSON object in the definition of the owner; empty for the word {@code unlimited}
 * @param createdAt when the owner was created
 */
record ConfiguredLimit(PolicyName owner, Period period, JsonObject budget, Instant createdAt, Instant changedAt) {
    private static final Set<PolicyKind> KINDS =
            EnumSet.of(PolicyKind.ORGANIZATION, PolicyKind.TEAM, PolicyKind.CLIENT);

    private static final int CENT_DECIMALS = 2;

    /**
     * The JSON. Immutable.
     *
     * @param type always {@code spend_limit}
     * @param amount whole cents; empty for no limit
     */
    @JsonbPropertyOrder({"type", "id", "amount", "createdAt", "currency", "isEnabled", "period", "scope", "updatedAt"})
    record Document(
            String type,
            String id,
            @JsonbProperty(nillable = true) Optional<String> amount,
            @JsonbProperty("created_at") String createdAt,
            String currency,
            @JsonbProperty("is_enabled") boolean isEnabled,
            String period,
            Scope scope,
            @JsonbProperty("updated_at") String updatedAt) {}

    /** A client, a team or the organization. */
    @JsonbPropertyOrder({"type", "userId", "workspaceId"})
    record Scope(
            String type,
            @JsonbProperty("user_id") Optional<String> userId,
            @JsonbProperty("workspace_id") Optional<String> workspaceId) {}

    /** A limit that was removed. */
    @JsonbPropertyOrder({"type", "id"})
    record Deleted(String type, String id) {}

    static List<ConfiguredLimit> of(PolicyName owner, ObjectDocument object) {
        return of(owner, object.definition(), Instant.parse(object.createdAt()), Instant.parse(object.changedAt()));
    }

    static List<ConfiguredLimit> of(PolicyName owner, JsonObject document) {
        return of(
                owner,
                JsonTree.object(document, "definition"),
                Instant.parse(JsonTree.text(document, "created_at")),
                Instant.parse(JsonTree.text(document, "changed_at")));
    }

    private static List<ConfiguredLimit> of(
            PolicyName owner, JsonObject definition, Instant createdAt, Instant changedAt) {
        var limits = new ArrayList<ConfiguredLimit>();
        if (!KINDS.contains(owner.kind())) {
            return limits;
        }
        for (var period : LimitWords.PERIODS) {
            for (var budget : PeriodBudgets.of(definition, period)) {
                limits.add(new ConfiguredLimit(owner, period, budget, createdAt, changedAt));
            }
            // A budget of this period that only warns may be there too, and has the same id.
            if (period == PeriodBudgets.OF_UNLIMITED
                    && PeriodBudgets.isUnlimited(definition)
                    && PeriodBudgets.of(definition, period).isEmpty()) {
                limits.add(new ConfiguredLimit(owner, period, JsonValue.EMPTY_JSON_OBJECT, createdAt, changedAt));
            }
        }
        return limits;
    }

    String id() {
        return LimitWords.id(owner.text() + "/" + period.word());
    }

    Document document() {
        return new Document(
                "spend_limit",
                id(),
                budget.isEmpty() ? Optional.empty() : Optional.of(cents()),
                createdAt.toString(),
                "USD",
                JsonTree.findText(budget, "mode").orElse("enforce").equals("enforce"),
                LimitWords.word(period),
                scope(owner),
                changedAt.toString());
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

    private static Scope scope(PolicyName owner) {
        return switch (owner.kind()) {
            case CLIENT -> new Scope("user", Optional.of(owner.name()), Optional.empty());
            case TEAM -> new Scope("workspace", Optional.empty(), Optional.of(owner.name()));
            case ORGANIZATION, TAG, MODEL, SESSIONS -> new Scope("organization", Optional.empty(), Optional.empty());
        };
    }
}
