package dev.warder.policy;

import dev.warder.config.InvalidValueException;
import java.time.ZoneId;
import java.util.Optional;

/**
 * The terms of each client that no budget limits: an amount of its own, {@code AMOUNT/PERIOD} such as {@code 50/month}, or
 * the word {@code unlimited}. Immutable.
 */
public sealed interface DefaultBudget {
    /**
     * Each such client gets an enforcing budget of its own.
     *
     * @param nanos the amount in nano-dollars, from 0 to {@link Budget.Terms#MOST_NANOS}
     * @param period the period
     */
    record Limited(long nanos, Period period) implements DefaultBudget {}

    /** Such clients may spend without a limit. */
    record Unlimited() implements DefaultBudget {}

    /** Reads the text of the setting; the reason of a refusal does not repeat it. */
    static DefaultBudget parse(String text) throws InvalidValueException {
        if (text.equals(PolicySyntax.UNLIMITED)) {
            return new Unlimited();
        }
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new InvalidValueException(
                    "must be US dollars and a period, such as 50/month, or the word " + PolicySyntax.UNLIMITED);
        }
        return new Limited(
                PolicySyntax.amount(text.substring(0, slash).strip()),
                PolicySyntax.period(text.substring(slash + 1).strip()));
    }

    default Optional<Budget> forClient(String name, ZoneId zone) {
        if (this instanceof Limited limited) {
            var terms = new Budget.Terms(
                    limited.nanos(), limited.period(), zone, Budget.Mode.ENFORCE, Budget.OnExhausted.CUT);
            return Optional.of(new Budget(Budget.Scope.CLIENT, name, terms));
        }
        return Optional.empty();
    }
}
