package dev.warder;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One thread that runs small tasks periodically. A task that fails is logged and runs again. */
final class PeriodicTasks implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PeriodicTasks.class);

    private final NamedThreads threads;
    private final ScheduledThreadPoolExecutor thread;

    /** @param purpose a part of the thread's name */
    PeriodicTasks(String purpose) {
        threads = new NamedThreads(purpose);
        thread = new ScheduledThreadPoolExecutor(1, threads);
    }

    /** Runs {@code task} with {@code millis} between the end of one run and the start of the next. */
    void every(long millis, Runnable task) {
        Future<?> forever = thread.scheduleWithFixedDelay(guarded(task), millis, millis, TimeUnit.MILLISECONDS);
        LOG.trace("Every {} ms: {}", millis, forever);
    }

    void nowAndEvery(long millis, Runnable task) {
        thread.execute(guarded(task));
        every(millis, task);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    /** Waits for the end of the thread. To be called after {@link #close}. */
    void awaitEnd(long millis) {
        threads.awaitEnd(millis);
    }

    private static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (Throwable fault) {
                // Catches errors too: an uncaught one would end the schedule without a log entry.
                LOG.error("A periodic task failed", fault);
            }
        };
    }
}
