package dev.warder;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Creates the application's own threads, with its class loader as their context class loader, and waits for their end. A
 * container that looks for leftover threads right after the undeployment therefore finds none. Thread-safe.
 */
final class NamedThreads implements ThreadFactory {
    private final String prefix;
    private final AtomicInteger count = new AtomicInteger();
    private final Queue<Thread> made = new ConcurrentLinkedQueue<>();

    /** @param purpose the purpose of the threads, which becomes a part of their names */
    NamedThreads(String purpose) {
        prefix = "warder-" + purpose + "-";
    }

    @Override
    public Thread newThread(Runnable task) {
        var thread = new Thread(task, prefix + count.incrementAndGet());
        thread.setDaemon(true);
        thread.setContextClassLoader(NamedThreads.class.getClassLoader());
        made.removeIf(earlier -> earlier.getState() == Thread.State.TERMINATED);
        made.add(thread);
        return thread;
    }

    /** Waits until every thread has ended, for at most {@code millis} each. They must have been stopped before. */
    void awaitEnd(long millis) {
        try {
            for (var thread : made) {
                thread.join(millis);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
