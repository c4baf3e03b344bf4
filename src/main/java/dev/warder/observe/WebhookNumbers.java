package dev.warder.observe;

import io.micrometer.core.instrument.Tags;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The numbers of the webhook of budgets, each asked for when it is read, on any thread.
 *
 * @param results notifications by what became of them; never falls
 * @param waiting notifications that wait for the receiver
 */
public record WebhookNumbers(Map<String, LongSupplier> results, LongSupplier waiting) {
    public WebhookNumbers {
        results = Map.copyOf(results);
    }

    void register(Instruments instruments) {
        results.forEach((result, number) ->
                instruments.counted(MetricName.BUDGET_WEBHOOK, Tags.of("result", result), number::getAsLong));
        instruments.gauge(MetricName.BUDGET_WEBHOOK_WAITING, Tags.empty(), waiting::getAsLong);
    }
}
