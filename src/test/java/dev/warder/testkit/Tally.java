package dev.warder.testkit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongPredicate;

/** A number that some threads change and others wait on. Thread-safe. */
public final class Tally {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    @GuardedBy("lock")
    private long value;

    /** Begins at zero. */
    public Tally() {}

    /** The number now. */
    public long value() {
        lock.lock();
        try {
            return value;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the number fulfils the condition and answers it; an {@link AssertionError} when it takes too long. */
    public long await(LongPredicate condition, Duration limit) throws InterruptedException {
        var left = limit.toNanos();
        lock.lockInterruptibly();
        try {
            while (!condition.test(value)) {
                if (left <= 0) {
                    throw new AssertionError("still " + value + " after " + limit);
                }
                left = changed.awaitNanos(left);
            }
            return value;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the number is at least this, see {@link #await(LongPredicate, Duration)}. */
    public long awaitAtLeast(long least, Duration limit) throws InterruptedException {
        return await(now -> now >= least, limit);
    }

    /** Adds to the number. */
    public void add(long more) {
        lock.lock();
        try {
            value += more;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void raiseTo(long least) {
        lock.lock();
        try {
            value = Math.max(value, least);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits without limit, for the threads of the kit itself. */
    void awaitAbove(long limit) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (value <= limit) {
                changed.await(1, TimeUnit.MINUTES);
            }
        } finally {
            lock.unlock();
        }
    }
}
