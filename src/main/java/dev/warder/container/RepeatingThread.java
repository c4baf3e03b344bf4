package dev.warder.container;

import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that repeats a task after a pause, or as soon as it is woken. Its factory gets it as the {@link Runnable}, and
 * may repeat the task on a clock of its own instead of starting the thread. Thread-safe.
 */
public final class RepeatingThread implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(RepeatingThread.class);

    private static final long AFTER_FAULT_MILLIS = 1000;

    private final Task task;
    private final Runnable last;
    private final Thread thread;
    private final Semaphore wakeUp = new Semaphore(0);
    private volatile boolean ending;

    /** The repeated work. */
    @FunctionalInterface
    public interface Task {
        /**
         * Does it once.
         *
         * @return the longest pause until the next time, in milliseconds
         */
        long run() throws InterruptedException;
    }

    /** @param last is run on the thread at its end; must not throw */
    public RepeatingThread(Task task, Runnable last, ThreadFactory threads) {
        this.task = task;
        this.last = last;
        this.thread = threads.newThread(this);
    }

    public void start() {
        thread.start();
    }

    public boolean wasStarted() {
        return thread.getState() != Thread.State.NEW;
    }

    public void wake() {
        if (wakeUp.availablePermits() == 0) {
            wakeUp.release();
        }
    }

    public boolean takeWake() {
        return wakeUp.tryAcquire();
    }

    @Override
    public void run() {
        try {
            while (!ending) {
                pause(runOnce());
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        runLast();
    }

    public void runLast() {
        last.run();
    }

    private void pause(long millis) throws InterruptedException {
        try {
            boolean woken = wakeUp.tryAcquire(millis, TimeUnit.MILLISECONDS);
            LOG.trace("the thread was woken: {}", woken);
        } catch (Error noMemory) {
            Thread.onSpinWait();
        }
    }

    /**
     * Does the task once. A fault, such as a lack of memory, must not end the thread.
     *
     * @return the longest pause until the next time, in milliseconds
     */
    public long runOnce() throws InterruptedException {
        try {
            return task.run();
        } catch (RuntimeException | Error fault) {
            report(fault);
            return AFTER_FAULT_MILLIS;
        }
    }

    private static void report(Throwable fault) {
        try {
            LOG.error("A thread had a fault; its task is repeated", fault);
        } catch (Error noMemory) {
            // The task is repeated all the same.
        }
    }

    public boolean isEnding() {
        return ending;
    }

    /** Ends it after what it does now, and waits for that; false if it has not ended in this time. */
    public boolean end(long millis) {
        ending = true;
        wake();
        Pools.awaitEnd(thread, millis);
        return !thread.isAlive();
    }
}
