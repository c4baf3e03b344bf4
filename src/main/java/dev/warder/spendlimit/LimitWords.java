package dev.warder.spendlimit;

import dev.warder.config.InvalidValueException;
import dev.warder.policy.Period;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.EnumSet;
import java.util.OptionalLong;
import java.util.Set;

/** The words of Anthropic's Admin API for spend limits. */
public final class LimitWords {
    /** The periods that a spend limit can have, the shortest first. Hours and budgets that never begin again have no word. */
    public static final Set<Period> PERIODS =
            Collections.unmodifiableSet(EnumSet.of(Period.DAY, Period.WEEK, Period.MONTH));

    private static final int CENT_DECIMALS = 2;

    private LimitWords() {}

    /** The word for one of {@link #PERIODS}. */
    public static String word(Period period) {
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
    public static Period period(String word) throws InvalidValueException {
        return PERIODS.stream()
                .filter(each -> word(each).equals(word))
                .findFirst()
                .orElseThrow(() -> new InvalidValueException("period: must be daily, weekly or monthly"));
    }

    /**
     * Whole US cents of an amount in dollars that a person typed, below a billion dollars.
     *
     * @throws InvalidValueException if it is none, with the reason for the person
     */
    public static long centsOfDollars(String text) throws InvalidValueException {
        String dollars = text.strip();
        if (!dollars.matches("[0-9]{1,9}(\\.[0-9]{1,2})?")) {
            throw new InvalidValueException("The limit must be US dollars, such as 75 or 75.50");
        }
        return new BigDecimal(dollars).movePointRight(CENT_DECIMALS).longValueExact();
    }

    /** An amount in dollars with two decimals, or a dash for none. */
    public static String dollars(OptionalLong cents) {
        return cents.isPresent()
                ? BigDecimal.valueOf(cents.getAsLong(), CENT_DECIMALS).toPlainString()
                : "-";
    }

    /**
     * An amount in whole US cents, below a billion dollars.
     *
     * @throws InvalidValueException if it is none, with the reason for the caller
     */
    public static long cents(String text) throws InvalidValueException {
        if (!text.matches("0|[1-9][0-9]{0,10}")) {
            throw new InvalidValueException("amount: must be whole cents in a string, such as \"50000\"");
        }
        return Long.parseLong(text);
    }
}
