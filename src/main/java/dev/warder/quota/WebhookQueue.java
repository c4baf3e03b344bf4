package dev.warder.quota;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The notifications that wait for the receiver, limited in number: a new one replaces the oldest if there is no room. One
 * that is to be sent again does not hold up the others. Thread-safe; one thread takes.
 */
final class WebhookQueue {
    /** A notification, and when it is due. */
    static final class Entry {
        final ThresholdReached reached;

        final long since;

        /** How often it was tried. For the thread that takes. */
        int tries;

        /** Whether it is tried for the last time. For the thread that takes. */
        boolean last;

        private long due;

        private Entry(ThresholdReached reached, long now) {
            this.reached = reached;
            since = now;
            due = now;
        }
    }

    private final int most;
    private final LongSupplier nanoTime;

    @GuardedBy("this")
    private final Deque<Entry> entries = new ArrayDeque<>();

    @GuardedBy("this")
    private boolean ending;

    /**
     * @param most how many it has at most
     * @param nanoTime a clock that never goes back
     */
    WebhookQueue(int most, LongSupplier nanoTime) {
        this.most = most;
        this.nanoTime = nanoTime;
    }

    /** Which notification had no room, if one had none: the oldest, or this one after the end. */
    synchronized Optional<Webhook.Result> offer(ThresholdReached reached) {
        if (ending) {
            return Optional.of(Webhook.Result.STOPPED);
        }
        boolean full = entries.size() >= most;
        if (full) {
            entries.removeFirst();
        }
        entries.add(new Entry(reached, nanoTime.getAsLong()));
        notifyAll();
        return full ? Optional.of(Webhook.Result.FULL) : Optional.empty();
    }

    /** Waits for one that is due. It stays in the queue until {@link #remove}. Empty after the end, when none is left. */
    synchronized Optional<Entry> take() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        while (true) {
            var first = first();
            long wait = first.map(each -> each.due - nanoTime.getAsLong()).orElse(Long.MAX_VALUE);
            if (ending || wait <= 0) {
                return first;
            }
            TimeUnit.NANOSECONDS.timedWait(this, wait);
        }
    }

    synchronized boolean remove(Entry entry) {
        return entries.remove(entry);
    }

    synchronized void delay(Entry entry, long nanos) {
        entry.due = nanoTime.getAsLong() + nanos;
    }

    synchronized void end() {
        ending = true;
        notifyAll();
    }

    synchronized boolean isEnding() {
        return ending;
    }

    synchronized int clear() {
        int left = entries.size();
        entries.clear();
        notifyAll();
        return left;
    }

    synchronized int size() {
        return entries.size();
    }

    @GuardedBy("this")
    private Optional<Entry> first() {
        long now = nanoTime.getAsLong();
        return entries.stream().min(Comparator.comparingLong(each -> Math.max(0, each.due - now)));
    }
}
