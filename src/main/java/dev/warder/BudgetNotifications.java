package dev.warder;

import dev.warder.observe.WebhookNumbers;
import dev.warder.quota.budget.ThresholdReached;
import dev.warder.quota.budget.Webhook;
import dev.warder.quota.budget.WebhookSettings;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Notifications of budgets to the webhook, if one is set. Thread-safe. */
final class BudgetNotifications implements Consumer<ThresholdReached>, AutoCloseable {
    private static final long THREAD_END_MILLIS = 1000;

    private final NamedThreads threads = new NamedThreads("notification");
    private final Optional<Webhook> webhook;

    BudgetNotifications(Optional<WebhookSettings> settings) {
        webhook = settings.map(
                each -> new Webhook(each, threads, InstantSource.system(), System::nanoTime, new SplittableRandom()));
    }

    /** The numbers of the webhook, if one is set. */
    Optional<WebhookNumbers> numbers() {
        return webhook.map(each -> {
            var results = new HashMap<String, LongSupplier>();
            for (var result : Webhook.Result.values()) {
                results.put(result.word(), () -> each.count(result));
            }
            return new WebhookNumbers(results, each::waiting);
        });
    }

    void start() {
        webhook.ifPresent(Webhook::start);
    }

    @Override
    public void accept(ThresholdReached reached) {
        webhook.ifPresent(each -> each.offer(reached));
    }

    /** Sends what waits, for a few seconds. */
    @Override
    public void close() {
        webhook.ifPresent(Webhook::close);
        threads.awaitEnd(THREAD_END_MILLIS);
    }
}
