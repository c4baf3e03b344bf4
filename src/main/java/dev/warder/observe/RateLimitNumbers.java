package dev.warder.observe;

import io.micrometer.core.instrument.Tags;
import java.util.function.LongSupplier;

/**
 * The numbers of the rate limits of {@code policy.file}, each asked for when it is read, on any thread.
 *
 * @param refused requests that were refused because of a limit; never falls
 * @param databaseAway 1 if the database could not be used at the last attempt, otherwise 0
 */
public record RateLimitNumbers(LongSupplier refused, LongSupplier databaseAway) {
    void register(Instruments instruments) {
        var none = Tags.empty();
        instruments.counted(MetricName.RATE_LIMIT_REFUSED, none, refused::getAsLong);
        instruments.gauge(MetricName.RATE_LIMIT_DATABASE_AWAY, none, databaseAway::getAsLong);
    }
}
