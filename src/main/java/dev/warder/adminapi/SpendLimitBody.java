package dev.warder.adminapi;

import dev.warder.config.InvalidValueException;
import dev.warder.json.JsonTree;
import dev.warder.policy.Period;
import dev.warder.policy.PolicyKind;
import dev.warder.policy.PolicyName;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The body of {@code POST /v1/organizations/spend_limits} (Anthropic's page "Set Spend Limit"). Immutable.
 *
 * @param owner whose limit is set
 * @param cents the limit in US cents; empty for a client or a team without a limit
 */
record SpendLimitBody(PolicyName owner, Period period, OptionalLong cents) {
    private static final Set<String> MEMBERS = Set.of("amount", "period", "scope", "currency", "suppress_notification");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}");

    /**
     * Reads a body.
     *
     * @throws InvalidValueException with the reason, for the caller
     */
    static SpendLimitBody read(JsonObject body) throws InvalidValueException {
        if (!MEMBERS.containsAll(body.keySet())) {
            throw new InvalidValueException("The members are amount, period and scope; the body has another one.");
        }
        if (!JsonTree.findText(body, "currency").orElse("USD").equals("USD")) {
            throw new InvalidValueException("currency: must be USD");
        }
        var owner = owner(JsonTree.object(body, "scope"));
        var period = body.containsKey("period") ? LimitWords.period(JsonTree.text(body, "period")) : Period.MONTH;
        if (!JsonValue.NULL.equals(body.get("amount"))) {
            return new SpendLimitBody(owner, period, OptionalLong.of(LimitWords.cents(JsonTree.text(body, "amount"))));
        }
        if (owner.kind() == PolicyKind.ORGANIZATION) {
            throw new InvalidValueException("amount: must not be null for the organization");
        }
        if (period != PeriodBudgets.OF_UNLIMITED) {
            throw new InvalidValueException(
                    "period: must be monthly where amount is null, since no limit means none in all periods; DELETE removes a limit of a day or a week");
        }
        return new SpendLimitBody(owner, period, OptionalLong.empty());
    }

    /** The definition of the owner with this limit. */
    JsonObject edit(JsonObject definition) {
        return cents.isPresent()
                ? PeriodBudgets.with(definition, period, cents.getAsLong())
                : PeriodBudgets.unlimited(definition);
    }

    private static PolicyName owner(JsonObject scope) throws InvalidValueException {
        return switch (JsonTree.text(scope, "type")) {
            case "organization" -> new PolicyName(PolicyKind.ORGANIZATION, "");
            case "user" -> new PolicyName(PolicyKind.CLIENT, name(scope, "user_id"));
            case "workspace" -> new PolicyName(PolicyKind.TEAM, name(scope, "workspace_id"));
            default -> throw new InvalidValueException("scope: type must be user, workspace or organization");
        };
    }

    private static String name(JsonObject scope, String member) throws InvalidValueException {
        return Optional.of(JsonTree.text(scope, member))
                .filter(text -> NAME.matcher(text).matches())
                .orElseThrow(
                        () -> new InvalidValueException("scope: " + member + " must be the name of a client or team"));
    }
}
