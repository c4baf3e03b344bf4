package dev.warder.adminapi;

import dev.warder.config.InvalidValueException;
import dev.warder.http.Sha256;
import dev.warder.policy.Period;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** The words of Anthropic's Admin API for spend limits. */
final class LimitWords {
    /** The periods that a spend limit can have, the shortest first. Hours and budgets that never begin again have no word. */
    static final Set<Period> PERIODS = Collections.unmodifiableSet(EnumSet.of(Period.DAY, Period.WEEK, Period.MONTH));

    private static final int ID_BYTES = 12;

    private LimitWords() {}

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
