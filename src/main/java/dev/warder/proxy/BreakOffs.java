package dev.warder.proxy;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** How many responses a container has been asked to break off and has not ended yet. Thread-safe. */
final class BreakOffs {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();

    @GuardedBy("lock")
    private int open;

    void begin() {
        add(1);
    }

    void end() {
        add(-1);
    }

    /** Waits until none is open, {@code millis} at most. */
    void awaitNone(long millis) throws InterruptedException {
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
