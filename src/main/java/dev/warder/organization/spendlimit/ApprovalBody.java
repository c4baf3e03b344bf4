package dev.warder.organization.spendlimit;

import dev.warder.config.InvalidValueException;
import dev.warder.json.JsonTree;
import dev.warder.policy.Period;
import dev.warder.spendlimit.LimitWords;
import jakarta.json.JsonObject;
import java.util.Optional;
import java.util.Set;

/**
 * The body that approves a request. Immutable.
 *
 * @param period that of the limit; empty for the one of the request
 * @param cents the limit in US cents
 */
record ApprovalBody(Optional<Period> period, long cents) {
    private static final Set<String> MEMBERS = Set.of("amount", "period", "suppress_notification");

    /**
     * Reads a body.
     *
     * @throws InvalidValueException with the reason, for the caller
     */
    static ApprovalBody read(JsonObject body) throws InvalidValueException {
        if (!MEMBERS.containsAll(body.keySet())) {
            throw new InvalidValueException("The members are amount and period; the body has another one.");
        }
        Optional<Period> period = body.containsKey("period")
                ? Optional.of(LimitWords.period(JsonTree.text(body, "period")))
                : Optional.empty();
        return new ApprovalBody(period, LimitWords.cents(JsonTree.text(body, "amount")));
    }
}
