package dev.warder.quota;

import java.time.Duration;
import java.util.List;

/**
 * A request that waits for budgets on this node. Immutable.
 *
 * @param client its name
 * @param budgets the keys of the budgets that it waits for
 * @param why what it waits for
 * @param nanos nano-dollars that it needs of each of them
 * @param waited for how long
 */
public record WaitingRequest(String client, List<String> budgets, Why why, long nanos, Duration waited) {
    /** The reason for which a request waits. */
    public enum Why {
        ASKING("the database is asked for the budget"),
        OTHER_NODES("requests of other nodes have waited longer"),
        RUNNING("running requests hold the rest"),
        EARLIER("an earlier request waits for the budget");

        private final String words;

        Why(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }
}
