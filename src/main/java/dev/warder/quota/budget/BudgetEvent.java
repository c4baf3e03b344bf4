package dev.warder.quota.budget;

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
    /** Copies the list. */
    public BudgetEvent {
        budgets = List.copyOf(budgets);
    }

    /** The kind of the event. */
    public enum What {
        /** A response was ended. */
        CUT("response cut: nothing was left to reserve"),
        /** The budget is spent. */
        SPENT("refused: the budget is spent"),
        /** A rest is left, which is too small. */
        TOO_SMALL("refused: the rest does not cover the request"),
        /** Requests that run held the rest for too long. */
        WAITED("refused: waited too long"),
        /** Too many requests wait. */
        LINE_FULL("refused: too many requests wait"),
        /** Nothing is reserved, and the database cannot be used. */
        DATABASE_AWAY("refused: the database cannot be reached"),
        /** A client has too many sessions. */
        SESSIONS("refused: too many sessions at the same time"),
        /** The first try has failed, and another one has nothing to reserve. */
        NO_FURTHER_TRY("not tried again: nothing was left to reserve");

        private final String words;

        What(String words) {
            this.words = words;
        }

        /** The event in English. */
        public String words() {
            return words;
        }
    }
}
