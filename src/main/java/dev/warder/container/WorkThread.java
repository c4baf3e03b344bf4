package dev.warder.container;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;

/** A thread for one piece of work. Each of its methods is safe whether or not it was started, and has ended. Thread-safe. */
public final class WorkThread {
    private final Thread thread;

    public WorkThread(Runnable work, ThreadFactory threads) {
        thread = threads.newThread(work);
    }

    /** Starts the thread. To be called once. */
    public void start() {
        thread.start();
    }

    public boolean wasStarted() {
        return thread.getState() != Thread.State.NEW;
    }

    public boolean isAlive() {
        return thread.isAlive();
    }

    public void interrupt() {
        thread.interrupt();
    }

    public void unpark() {
        LockSupport.unpark(thread);
    }

    /** Waits for the end of the work, but no longer than this, nor after an interruption of the caller. */
    public void awaitEnd(long millis) {
        try {
            thread.join(millis);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
