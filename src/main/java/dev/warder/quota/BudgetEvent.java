package dev.warder.quota;

import java.time.Instant;
import java.util.List;

/**
 * An effect of a budget on requests. Immutable.
 *
 * @param time of the last one
 * @param client its name
 * @param model as the client names it, shortened; empty if it names none
 * @param budgets the keys of the budgets that did it; none where that is not about a budget
 * @param times how often it has happened since it was first noted
 */
public record BudgetEvent(Instant time, String client, String model, List<String> budgets, What what, long times) {
    /** The kind of the event. */
    public enum What {
        CUT("response cut: nothing was left to reserve"),
        SPENT("refused: the budget is spent"),
        TOO_SMALL("refused: the rest does not cover the request"),
        WAITED("refused: waited too long"),
        /** Too many requests wait. */
        LINE_FULL("refused: too many requests wait"),
        DATABASE_AWAY("refused: the database cannot be reached"),
        SESSIONS("refused: too many sessions at the same time"),
        /** The first try has failed, and another one has nothing to reserve. */
        NO_FURTHER_TRY("not tried again: nothing was left to reserve");

        private final String words;

        What(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }
}
