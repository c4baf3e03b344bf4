package dev.warder;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One thread that does the same small things again and again. A task that fails is logged and runs again. */
final class PeriodicTasks implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PeriodicTasks.class);

    private final ScheduledThreadPoolExecutor thread;

    PeriodicTasks(ThreadFactory factory) {
        thread = new ScheduledThreadPoolExecutor(1, factory);
    }

    /** Runs {@code task} with {@code millis} between the end of one run and the start of the next. */
    void every(long millis, Runnable task) {
        Future<?> forever = thread.scheduleWithFixedDelay(guarded(task), millis, millis, TimeUnit.MILLISECONDS);
        LOG.trace("Every {} ms: {}", millis, forever);
    }

    /** The same, beginning at once. */
    void nowAndEvery(long millis, Runnable task) {
        thread.execute(guarded(task));
        every(millis, task);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (Throwable fault) {
                // Also an error, after which the schedule would end without a word.
                LOG.error("A periodic task failed", fault);
            }
        };
    }
}
