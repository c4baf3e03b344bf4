package dev.warder.container;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A limit on the tasks that run at once on the threads of another executor: tasks above it wait in a queue. A task that fails
 * is logged, and its place becomes free.
 *
 * <p>Thread-safe.
 */
final class ConcurrencyLimit implements Executor {
    private static final Logger LOG = LoggerFactory.getLogger(ConcurrencyLimit.class);

    private final Executor threads;
    private final int limit;
    private final Runnable whenFull;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();

    @GuardedBy("lock")
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();

    @GuardedBy("lock")
    private int busy;

    @GuardedBy("lock")
    private boolean wasFull;

    /**
     * @param limit at least 1
     * @param whenFull runs when a task has to wait for the first time
     */
    ConcurrencyLimit(Executor threads, int limit, Runnable whenFull) {
        this.threads = threads;
        this.limit = limit;
        this.whenFull = whenFull;
    }

    /**
     * Runs {@code task} on another thread, later if all places are taken.
     *
     * @throws RejectedExecutionException when there is no thread: the task will not run
     */
    @Override
    public void execute(Runnable task) {
        if (!enter(task)) {
            return;
        }
        try {
            threads.execute(() -> runAll(task));
        } catch (RuntimeException | Error none) {
            leave();
            throw new RejectedExecutionException("There is no thread for what a client waits for", none);
        }
    }

    int busy() {
        lock.lock();
        try {
            return busy;
        } finally {
            lock.unlock();
        }
    }

    int limit() {
        return limit;
    }

    boolean awaitIdle(long nanos) throws InterruptedException {
        long left = nanos;
        lock.lock();
        try {
            while (busy > 0 && left > 0) {
                left = idle.awaitNanos(left);
            }
            return busy == 0;
        } finally {
            lock.unlock();
        }
    }

    private boolean enter(Runnable task) {
        boolean firstTime;
        lock.lock();
        try {
            if (busy < limit) {
                busy++;
                return true;
            }
            waiting.add(task);
            firstTime = !wasFull;
            wasFull = true;
        } finally {
            lock.unlock();
        }
        if (firstTime) {
            whenFull.run();
        }
        return false;
    }

    private void runAll(Runnable first) {
        for (var task = first; task != null; task = next()) {
            try {
                task.run();
            } catch (Throwable fault) {
                // Errors as well: otherwise the place of a thread that an error ended would never become free.
                LOG.error("A fault ended what was done for a client", fault);
            }
        }
    }

    private @Nullable Runnable next() {
        lock.lock();
        try {
            var task = waiting.poll();
            if (task == null) {
                leave();
            }
            return task;
        } finally {
            lock.unlock();
        }
    }

    private void leave() {
        lock.lock();
        try {
            busy--;
            if (busy == 0) {
                idle.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }
}
