package dev.warder;

import dev.warder.budget.notification.ThresholdEmitter;
import dev.warder.budget.notification.ThresholdReached;
import dev.warder.budget.notification.Webhook;
import dev.warder.budget.notification.WebhookSettings;
import dev.warder.metrics.WebhookNumbers;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import javax.management.NotificationEmitter;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/** What sends notifications of budgets: the MBean of the gateway, and the webhook if one is set. Thread-safe. */
final class BudgetNotifications implements Consumer<ThresholdReached>, AutoCloseable {
    private static final long THREAD_END_MILLIS = 1000;

    private final NamedThreads threads = new NamedThreads("notification");
    private final ThresholdEmitter emitter = new ThresholdEmitter(threads);
    private final Optional<Webhook> webhook;
    private volatile @Nullable ObjectName bean;

    BudgetNotifications(Optional<WebhookSettings> settings) {
        webhook = settings.map(
                each -> new Webhook(each, threads, InstantSource.system(), System::nanoTime, new SplittableRandom()));
    }

    /** What the MBean of the gateway sends. */
    NotificationEmitter emitter() {
        return emitter.emitter();
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

    /**
     * Begins to send.
     *
     * @param name the MBean that sends JMX notifications
     */
    void start(ObjectName name) {
        bean = name;
        webhook.ifPresent(Webhook::start);
    }

    @Override
    public void accept(ThresholdReached reached) {
        webhook.ifPresent(each -> each.offer(reached));
        var source = bean;
        if (source != null) {
            emitter.emit(source, reached);
        }
    }

    /** Sends what waits, for a few seconds. */
    @Override
    public void close() {
        webhook.ifPresent(Webhook::close);
        emitter.close();
        threads.awaitEnd(THREAD_END_MILLIS);
    }
}
