package dev.warder.testkit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongPredicate;

/** A number that some threads change and others wait on. Thread-safe. */
public final class Tally {
    @GuardedBy("this")
    private long value;

    /** Begins at zero. */
    public Tally() {}

    /** The number now. */
    public synchronized long value() {
        return value;
    }

    /** Waits until the number fulfils the condition and answers it; an {@link AssertionError} when it takes too long. */
    public synchronized long await(LongPredicate condition, Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.test(value)) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                throw new AssertionError("still " + value + " after " + limit);
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return value;
    }

    /** Waits until the number is at least this, see {@link #await(LongPredicate, Duration)}. */
    public long awaitAtLeast(long least, Duration limit) throws InterruptedException {
        return await(now -> now >= least, limit);
    }

    /** Adds to the number. */
    public synchronized void add(long more) {
        value += more;
        notifyAll();
    }

    synchronized void raiseTo(long least) {
        value = Math.max(value, least);
        notifyAll();
    }

    /** Waits without limit, for the threads of the kit itself. */
    synchronized void awaitAbove(long limit) throws InterruptedException {
        while (value <= limit) {
            wait();
        }
    }
}
