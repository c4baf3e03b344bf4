package dev.warder.quota.budget.simulation;

import java.sql.SQLException;

/** What decides which requests may spend a budget. One thread at a time. */
interface SpendingRule extends AutoCloseable {
    /** What a request that has asked gets, once. */
    interface Answer {
        void admitted(Metered metered);

        void refused();
    }

    /** Follows one request that was admitted. */
    interface Metered {
        /** The response begins; false if it is cut. */
        default boolean begins() {
            return true;
        }

        /** Some time has passed; false if the response is cut. */
        default boolean goesOn() {
            return true;
        }

        /**
         * The response has ended with this many tokens; false if it is cut at its end.
         *
         * @param complete whether it was not cut before
         */
        boolean ended(long generated, boolean complete);
    }

    /** A request asks, and is answered now or later. */
    void ask(int agent, AgentRequest request, Answer answer);

    /** What it has recorded as spent, in nano-dollars. */
    long recorded();

    /** Fails if something is left, or does not fit together. */
    @Override
    default void close() throws SQLException {}
}
