package dev.warder.reconciliation;

import java.time.Instant;
import java.util.Optional;

/**
 * What this node knows of its looks. Immutable.
 *
 * @param looking whether it looks at days now
 * @param lastLook when it has last looked at all days that were due, or seen that another node does
 * @param failure why the last look has failed, without text of the service; empty if it has not
 * @param failures how many looks have failed since the start
 * @param openDays the days of the last 31 that are not settled, also those that were never looked at
 * @param unexplainedNanos the sum of what is unexplained in these 31 days, without signs, in nano-dollars
 * @param unexplainedTokens by how many tokens and searches lines differ in these 31 days that are not booked
 */
public record ReconciliationStatus(
        boolean looking,
        Optional<Instant> lastLook,
        Optional<String> failure,
        long failures,
        long openDays,
        long unexplainedNanos,
        long unexplainedTokens) {
    static final ReconciliationStatus BEFORE =
            new ReconciliationStatus(false, Optional.empty(), Optional.empty(), 0, 0, 0, 0);

    ReconciliationStatus begun() {
        return new ReconciliationStatus(
                true, lastLook, failure, failures, openDays, unexplainedNanos, unexplainedTokens);
    }

    ReconciliationStatus failed(String why) {
        return new ReconciliationStatus(
                false, lastLook, Optional.of(why), failures + 1, openDays, unexplainedNanos, unexplainedTokens);
    }

    ReconciliationStatus done(Instant now, long days, long nanos, long tokens) {
        return new ReconciliationStatus(false, Optional.of(now), Optional.empty(), failures, days, nanos, tokens);
    }
}
