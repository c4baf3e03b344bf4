package dev.warder.container;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
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

    @GuardedBy("this")
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();

    @GuardedBy("this")
    private int busy;

    @GuardedBy("this")
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

    synchronized int busy() {
        return busy;
    }

    int limit() {
        return limit;
    }

    synchronized boolean awaitIdle(long nanos) throws InterruptedException {
        long end = System.nanoTime() + nanos;
        for (long left = nanos; busy > 0 && left > 0; left = end - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return busy == 0;
    }

    private boolean enter(Runnable task) {
        boolean firstTime;
        synchronized (this) {
            if (busy < limit) {
                busy++;
                return true;
            }
            waiting.add(task);
            firstTime = !wasFull;
            wasFull = true;
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

    private synchronized @Nullable Runnable next() {
        var task = waiting.poll();
        if (task == null) {
            leave();
        }
        return task;
    }

    private synchronized void leave() {
        busy--;
        if (busy == 0) {
            notifyAll();
        }
    }
}
