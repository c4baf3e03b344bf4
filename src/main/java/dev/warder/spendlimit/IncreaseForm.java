package dev.warder.spendlimit;

import dev.warder.config.InvalidValueException;
import dev.warder.policy.Period;
import java.util.OptionalLong;

/**
 * What a client asks for. Immutable.
 *
 * @param period a day, a week or a month
 * @param cents the limit in US cents; empty if the client leaves it to the administrator
 * @param reason in one line of at most 500 characters; may be empty text
 */
public record IncreaseForm(String client, Period period, OptionalLong cents, String reason) {
    /** The longest reason, in characters. */
    public static final int LONGEST_REASON = 500;

    /**
     * Reads what was written.
     *
     * @param period in the word of Anthropic's Admin API
     * @param amount whole US cents; empty text for none
     * @throws InvalidValueException with what is wrong, for the caller
     */
    public static IncreaseForm read(String client, String period, String amount, String reason)
            throws InvalidValueException {
        String line = reason.strip();
        if (line.length() > LONGEST_REASON || !line.codePoints().allMatch(IncreaseForm::isShown)) {
            throw new InvalidValueException("reason: must have at most " + LONGEST_REASON + " characters in one line");
        }
        return new IncreaseForm(
                client,
                LimitWords.period(period),
                amount.isEmpty() ? OptionalLong.empty() : OptionalLong.of(LimitWords.cents(amount)),
                line);
    }

    private static boolean isShown(int character) {
        return !Character.isISOControl(character) && Character.getType(character) != Character.SURROGATE;
    }
}
