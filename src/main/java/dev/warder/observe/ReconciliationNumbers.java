package dev.warder.observe;

import io.micrometer.core.instrument.Tags;
import java.util.function.LongSupplier;

/**
 * The numbers of reconciliation, each asked for when it is read, on any thread.
 *
 * @param openDays days that are not settled
 * @param nanos what is unexplained, in nano-dollars
 * @param tokens by how many tokens and searches unexplained lines differ
 * @param failures comparisons that have failed; never falls
 */
public record ReconciliationNumbers(
        LongSupplier openDays, LongSupplier nanos, LongSupplier tokens, LongSupplier failures) {
    private static final double NANOS = 1e9;

    void register(Instruments instruments) {
        var none = Tags.empty();
        instruments.gauge(MetricName.RECONCILIATION_OPEN_DAYS, none, openDays::getAsLong);
        instruments.gauge(MetricName.RECONCILIATION_DIFFERENCE, none, () -> nanos.getAsLong() / NANOS);
        instruments.gauge(MetricName.RECONCILIATION_DIFFERENCE_TOKENS, none, tokens::getAsLong);
        instruments.counted(MetricName.RECONCILIATION_FAILURES, none, failures::getAsLong);
    }
}
