package dev.warder.quota.budget;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
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
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    @GuardedBy("lock")
    private final Deque<Entry> entries = new ArrayDeque<>();

    @GuardedBy("lock")
    private boolean ending;

    /**
     * @param most how many it has at most
     * @param nanoTime a clock that never goes back
     */
    WebhookQueue(int most, LongSupplier nanoTime) {
        this.most = most;
        this.nanoTime = nanoTime;
    }

    /** The result of an offer. */
    enum Offer {
        ADDED,
        REPLACED,
        ENDED
    }

    Offer offer(ThresholdReached reached) {
        lock.lock();
        try {
            if (ending) {
                return Offer.ENDED;
            }
            boolean full = entries.size() >= most;
            if (full) {
                entries.removeFirst();
            }
            entries.add(new Entry(reached, nanoTime.getAsLong()));
            changed.signalAll();
            return full ? Offer.REPLACED : Offer.ADDED;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for one that is due. It stays in the queue until {@link #remove}. Empty after the end, when none is left. */
    Optional<Entry> take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                var first = first();
                if (first.isEmpty()) {
                    if (ending) {
                        return first;
                    }
                    changed.await();
                } else {
                    long wait = first.get().due - nanoTime.getAsLong();
                    if (wait <= 0 || ending) {
                        return first;
                    }
                    changed.awaitNanos(wait);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    boolean remove(Entry entry) {
        lock.lock();
        try {
            return entries.remove(entry);
        } finally {
            lock.unlock();
        }
    }

    void delay(Entry entry, long nanos) {
        lock.lock();
        try {
            entry.due = nanoTime.getAsLong() + nanos;
        } finally {
            lock.unlock();
        }
    }

    void end() {
        lock.lock();
        try {
            ending = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isEnding() {
        lock.lock();
        try {
            return ending;
        } finally {
            lock.unlock();
        }
    }

    int clear() {
        lock.lock();
        try {
            int left = entries.size();
            entries.clear();
            changed.signalAll();
            return left;
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return entries.size();
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private Optional<Entry> first() {
        long now = nanoTime.getAsLong();
        return entries.stream().min(Comparator.comparingLong(each -> Math.max(0, each.due - now)));
    }
}
