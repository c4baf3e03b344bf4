package dev.warder.observe;

import io.micrometer.core.instrument.Tags;
import java.util.function.LongSupplier;

/**
 * The numbers of the budgets of {@code policy.file}, each asked for when it is read, on any thread.
 *
 * @param waiting requests that wait now for money that other requests hold
 * @param waited requests that had to wait; never falls
 * @param refused requests that were refused because of a budget; never falls
 * @param cut requests that were ended because of a budget; never falls
 * @param exceeded requests that have cost more than was held for them; never falls
 * @param clockJumps jumps of the database's clock; never falls
 * @param databaseAway 1 if the database could not be used at the last attempt, otherwise 0
 */
public record BudgetNumbers(
        LongSupplier waiting,
        LongSupplier waited,
        LongSupplier refused,
        LongSupplier cut,
        LongSupplier exceeded,
        LongSupplier clockJumps,
        LongSupplier databaseAway) {
    void register(Instruments instruments) {
        var none = Tags.empty();
        instruments.gauge(MetricName.BUDGET_WAITING, none, waiting::getAsLong);
        instruments.counted(MetricName.BUDGET_WAITED, none, waited::getAsLong);
        instruments.counted(MetricName.BUDGET_REFUSED, none, refused::getAsLong);
        instruments.counted(MetricName.BUDGET_CUT, none, cut::getAsLong);
        instruments.counted(MetricName.BUDGET_EXCEEDED, none, exceeded::getAsLong);
        instruments.counted(MetricName.BUDGET_CLOCK_JUMPS, none, clockJumps::getAsLong);
        instruments.gauge(MetricName.BUDGET_DATABASE_AWAY, none, databaseAway::getAsLong);
    }
}
