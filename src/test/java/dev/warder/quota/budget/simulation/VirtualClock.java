package dev.warder.quota.budget.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;

/**
 * The time of a simulation, which passes from event to event. Events of the same time happen in the order in which they were
 * planned. One thread at a time.
 */
public final class VirtualClock {
    private record Event(long at, long number, Runnable task) {}

    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::number));

    private final List<Runnable> afterEach = new ArrayList<>();
    private long now;
    private long planned;

    /** Nanoseconds since the beginning. */
    public long now() {
        return now;
    }

    /** Plans an event. */
    public void after(Duration pause, Runnable task) {
        events.add(new Event(now + pause.toNanos(), planned++, task));
    }

    /** Does this after each event. */
    public void afterEach(Runnable task) {
        afterEach.add(task);
    }

    /** Lets this time pass. */
    public void runFor(Duration time) {
        var ended = new boolean[1];
        after(time, () -> ended[0] = true);
        runUntil(() -> ended[0]);
    }

    /** Lets time pass. */
    void runUntil(BooleanSupplier end) {
        while (!events.isEmpty() && !end.getAsBoolean()) {
            var event = events.remove();
            now = event.at();
            event.task().run();
            afterEach.forEach(Runnable::run);
        }
    }
}
