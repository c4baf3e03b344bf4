package dev.warder.quota;

import dev.warder.quota.WaitingLine.Waiter;

/** The answer to a request that asks for its amounts. */
sealed interface Admission {
    default boolean admits() {
        return this instanceof Held || this instanceof Admitted;
    }

    /** Admitted: it holds money. */
    record Held(Hold hold) implements Admission {}

    /** Admitted: it has taken its part of its rate limits. */
    record Admitted(RateHold hold) implements Admission {}

    /** Waiting in the line. */
    record Waits(Waiter waiter) implements Admission {}

    /** This budget has not enough left, whatever becomes of the open requests. */
    record Spent(Account.View account) implements Admission {}

    /** Refused after the longest wait for this budget; a retry may succeed. */
    record Waited(Account.View account) implements Admission {}

    /** Requests that wait, for this budget among others, keep too much memory; a retry may succeed. */
    record LineIsFull(Account.View account) implements Admission {}

    /** The database cannot be used, and what it has granted does not suffice; a retry may succeed. */
    record DatabaseAway() implements Admission {}

    /** The client has too many sessions at once; a retry may succeed. */
    record TooManySessions() implements Admission {}

    /**
     * A rate limit is used up.
     *
     * @param hold its limits, nothing is taken
     * @param key the limit that has not enough
     * @param nanos after this time a retry may succeed, in nanoseconds
     */
    record Exhausted(RateHold hold, Limit.Key key, long nanos) implements Admission {}
}
