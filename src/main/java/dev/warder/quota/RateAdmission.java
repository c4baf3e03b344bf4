package dev.warder.quota;

/** The decision about a request that asks for its limits. */
sealed interface RateAdmission {
    /** Admitted. */
    record Admitted(RateHold hold) implements RateAdmission {}

    /**
     * Refused.
     *
     * @param hold its limits, nothing is taken
     * @param key the limit that has not enough
     * @param nanos after this time a retry may succeed, in nanoseconds
     */
    record Exhausted(RateHold hold, LimitKey key, long nanos) implements RateAdmission {}

    /** The database is being asked. */
    record Waits(PendingRequest waiter) implements RateAdmission {}
}
