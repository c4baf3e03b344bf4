package dev.warder.quota.rate;

/** The decision about a request that asks for its limits. */
sealed interface Admission {
    /** Admitted. */
    record Admitted(Hold hold) implements Admission {}

    /**
     * Refused.
     *
     * @param hold its limits, nothing is taken
     * @param key the limit that has not enough
     * @param nanos after this time a retry may succeed, in nanoseconds
     */
    record Exhausted(Hold hold, LimitKey key, long nanos) implements Admission {}

    /** The database is being asked. */
    record Waits(Waiter waiter) implements Admission {}
}
