package dev.warder.principal.page;

import dev.warder.config.InvalidValueException;
import dev.warder.policy.TokenTerms;
import java.time.Instant;

/** Times in terms of tokens. */
final class Times {
    private Times() {}

    /** Whether a time is not after {@code now}; a text that is no time is not. */
    static boolean isOver(String time, Instant now) {
        try {
            return !time.isEmpty() && !TokenTerms.time(time).isAfter(now);
        } catch (InvalidValueException noTime) {
            return false;
        }
    }
}
