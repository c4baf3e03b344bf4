package dev.warder.container;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Whether a container can break off responses, and the number of those that it was asked to break off and has not ended yet.
 * Thread-safe.
 */
public final class BreakOffs {
    private final boolean possible;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();

    @GuardedBy("lock")
    private int open;

    /** Those of {@code container}. */
    public BreakOffs(Container container) {
        possible = !container.completesFailedDispatches();
    }

    /** Whether a client can see that a response without a length was broken off. */
    boolean arePossible() {
        return possible;
    }

    void begin() {
        add(1);
    }

    void end() {
        add(-1);
    }

    /** Waits at most {@code millis} until there are none. */
    public void awaitNone(long millis) throws InterruptedException {
        lock.lock();
        try {
            long nanos = TimeUnit.MILLISECONDS.toNanos(millis);
            while (open > 0 && nanos > 0) {
                nanos = ended.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }

    private void add(int number) {
        lock.lock();
        try {
            open += number;
            ended.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
