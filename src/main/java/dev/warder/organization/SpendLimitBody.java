package dev.warder.organization;

import dev.warder.config.InvalidValueException;
import dev.warder.json.JsonTree;
import dev.warder.policy.Period;
import dev.warder.policy.store.PolicyKind;
import dev.warder.policy.store.PolicyName;
import jakarta.json.JsonObject;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The body of {@code POST /v1/organizations/spend_limits} (Anthropic's page "Set Spend Limit"). Immutable.
 *
 * @param owner whose limit is set
 * @param dollars the limit
 */
record SpendLimitBody(PolicyName owner, Period period, BigDecimal dollars) {
    private static final Set<String> MEMBERS = Set.of("amount", "period", "scope", "currency", "suppress_notification");
    private static final Pattern CENTS = Pattern.compile("0|[1-9][0-9]{0,10}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}");

    /**
     * Reads a body.
     *
     * @throws InvalidValueException with the reason, for the caller
     */
    static SpendLimitBody read(JsonObject body) throws InvalidValueException {
        for (var member : body.keySet()) {
            if (!MEMBERS.contains(member)) {
                throw new InvalidValueException("The members are amount, period and scope; the body has another one.");
            }
        }
        String currency = JsonTree.findText(body, "currency").orElse("USD");
        if (!currency.equals("USD")) {
            throw new InvalidValueException("currency: must be USD");
        }
        return new SpendLimitBody(owner(body), period(body), dollars(body));
    }

    private static BigDecimal dollars(JsonObject body) throws InvalidValueException {
        return JsonTree.findText(body, "amount")
                .filter(text -> CENTS.matcher(text).matches())
                .map(text -> new BigDecimal(text).movePointLeft(2))
                .orElseThrow(() -> new InvalidValueException(
                        "amount: must be whole cents in a string, such as \"50000\". To remove a limit, delete it."));
    }

    private static Period period(JsonObject body) throws InvalidValueException {
        if (!body.containsKey("period")) {
            return Period.MONTH;
        }
        return period(JsonTree.text(body, "period"));
    }

    /** A period by its name in the Admin API. */
    static Period period(String word) throws InvalidValueException {
        return EffectiveLimits.PERIODS.stream()
                .filter(period -> EffectiveLimits.word(period).equals(word))
                .findFirst()
                .orElseThrow(() -> new InvalidValueException("period: must be daily, weekly or monthly"));
    }

    private static PolicyName owner(JsonObject body) throws InvalidValueException {
        var scope = JsonTree.object(body, "scope");
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
