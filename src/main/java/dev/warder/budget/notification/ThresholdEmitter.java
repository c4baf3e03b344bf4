package dev.warder.budget.notification;

import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.MBeanNotificationInfo;
import javax.management.Notification;
import javax.management.NotificationBroadcasterSupport;
import javax.management.NotificationEmitter;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.CompositeDataSupport;
import javax.management.openmbean.CompositeType;
import javax.management.openmbean.OpenDataException;
import javax.management.openmbean.OpenType;
import javax.management.openmbean.SimpleType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends JMX notifications, on a thread of its own that lives while there is something to send: listeners and their filters are
 * other code, which may wait or throw. If a listener waits for long, the oldest notifications are dropped with a warning in the
 * log. Thread-safe.
 */
public final class ThresholdEmitter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ThresholdEmitter.class);
    private static final int MOST = 256;
    private static final long IDLE_SECONDS = 10;
    private static final long END_MILLIS = 1000;
    private static final List<Item> ITEMS = List.of(
            new Item("id", "the same for each repetition", SimpleType.STRING),
            new Item("budget", "scope, name and period", SimpleType.STRING),
            new Item("scope", "whose spending the budget limits", SimpleType.STRING),
            new Item("mode", "enforce, warn or shadow", SimpleType.STRING),
            new Item("periodStart", "the first moment of the period", SimpleType.DATE),
            new Item("periodEnd", "the first moment after it; null for a lifetime", SimpleType.DATE),
            new Item("share", "the share that was reached, as a part of 1", SimpleType.BIGDECIMAL),
            new Item("amount", "the amount in US dollars", SimpleType.BIGDECIMAL),
            new Item("spent", "what is spent, in US dollars", SimpleType.BIGDECIMAL));

    private static final CompositeType DATA = type();

    private final NotificationBroadcasterSupport broadcaster = new NotificationBroadcasterSupport(info());
    private final ThreadPoolExecutor thread;
    private final AtomicLong sequence = new AtomicLong();
    private final AtomicBoolean dropping = new AtomicBoolean();

    /** An item of the user data. */
    private record Item(String name, String text, OpenType<?> type) {}

    /** @param threads makes its thread */
    public ThresholdEmitter(ThreadFactory threads) {
        thread = new ThreadPoolExecutor(
                1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST), threads, this::full);
        thread.allowCoreThreadTimeOut(true);
    }

    /** Registers listeners, and describes what they receive. */
    public NotificationEmitter emitter() {
        return broadcaster;
    }

    /**
     * Sends a notification soon. Never waits and never throws.
     *
     * @param source the MBean that sends it
     */
    public void emit(ObjectName source, ThresholdReached reached) {
        try {
            thread.execute(() -> send(source, reached));
        } catch (RuntimeException | Error fault) {
            // There may be no memory for the thread.
            LOG.error("A notification could not be given to the listeners", fault);
        }
    }

    private void send(ObjectName source, ThresholdReached reached) {
        try {
            var notification = new Notification(
                    ThresholdReached.TYPE,
                    source,
                    sequence.incrementAndGet(),
                    reached.time().toEpochMilli(),
                    reached.text());
            notification.setUserData(data(reached));
            broadcaster.sendNotification(notification);
            dropping.set(false);
        } catch (OpenDataException | RuntimeException | Error fault) {
            // The broadcaster catches exceptions of listeners, but no errors.
            LOG.warn("A JMX notification of a budget could not be sent", fault);
        }
    }

    /** Called by the executor for what has no room. */
    private void full(Runnable task, ThreadPoolExecutor pool) {
        if (pool.isShutdown()) {
            return;
        }
        if (!dropping.getAndSet(true)) {
            LOG.warn("JMX notifications of budgets are dropped, because a listener does not return");
        }
        pool.getQueue().poll();
        pool.execute(task);
    }

    /** Waits up to 1 s for listeners, and sends nothing any more. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(END_MILLIS, TimeUnit.MILLISECONDS)) {
                LOG.debug(
                        "{} JMX notifications were not sent",
                        thread.shutdownNow().size());
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private static MBeanNotificationInfo info() {
        return new MBeanNotificationInfo(
                new String[] {ThresholdReached.TYPE},
                Notification.class.getName(),
                "A share of a budget is used. The user data is a CompositeData; amounts are US dollars");
    }

    private static CompositeData data(ThresholdReached reached) throws OpenDataException {
        var values = new HashMap<String, Object>(Map.of(
                "id", reached.id(),
                "budget", reached.budget().key(),
                "scope", reached.budget().scope().word(),
                "mode", reached.mode(),
                "periodStart", Date.from(reached.window().start()),
                "share", reached.share(),
                "amount", reached.amount(),
                "spent", reached.spent()));
        // A budget for a lifetime has no end.
        values.put("periodEnd", reached.window().end().map(Date::from).orElse(null));
        return new CompositeDataSupport(DATA, values);
    }

    private static CompositeType type() {
        try {
            return new CompositeType(
                    "BudgetThreshold",
                    "A share of a budget that is used",
                    ITEMS.stream().map(Item::name).toArray(String[]::new),
                    ITEMS.stream().map(Item::text).toArray(String[]::new),
                    ITEMS.stream().map(Item::type).toArray(OpenType<?>[]::new));
        } catch (OpenDataException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
