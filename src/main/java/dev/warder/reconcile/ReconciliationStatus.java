package dev.warder.reconcile;

import java.time.Instant;
import java.util.Optional;

/**
 * The comparisons as this node knows them. Immutable.
 *
 * @param lastLook when it has last compared all days that were due, or seen that other nodes do
 * @param failure why the last comparison has failed, without text of the service; empty if it has not
 * @param failures how many comparisons have failed since the start
 * @param openDays the days of the last 31 that are not settled, also those that were never compared
 * @param unexplainedNanos the sum of what is unexplained in these 31 days, without signs, in nano-dollars
 * @param unexplainedTokens by how many tokens and searches lines differ in these 31 days that are not booked
 */
public record ReconciliationStatus(
        Optional<Instant> lastLook,
        Optional<String> failure,
        long failures,
        long openDays,
        long unexplainedNanos,
        long unexplainedTokens) {
    ReconciliationStatus failed(String why) {
        return new ReconciliationStatus(
                lastLook, Optional.of(why), failures + 1, openDays, unexplainedNanos, unexplainedTokens);
    }
}
