package dev.warder;

import dev.warder.exchange.ProxySettings;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateway's periodic tasks, on four threads: the timer never waits, a slow disk does not delay the checks of the
 * database, and a statement that hangs does not delay the check that reports it. A thread starts with its first task.
 * Thread-safe.
 */
final class Schedule implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Schedule.class);

    /** The time for the end of threads that were stopped. */
    static final long THREAD_END_MILLIS = 1000;

    /** Longer than the others, because a JDBC driver cannot be interrupted while it connects. */
    private static final long DATABASE_END_MILLIS = 4000;

    /** Tasks that never wait. */
    final PeriodicTasks timer = new PeriodicTasks("timer");

    final PeriodicTasks files = new PeriodicTasks("files");
    final PeriodicTasks database = new PeriodicTasks("database");

    /** Exchanges of the policy's version, which may wait for a database or a disk. */
    final PeriodicTasks versions = new PeriodicTasks("versions");

    /** The time between two looks, in milliseconds: {@code usual}, or less where the tests of this project ask for less. */
    static long lookMillis(long usual) {
        return Math.max(1, Math.min(usual, Long.getLong("warder.tests.lookMillis", usual)));
    }

    /** A quarter of the shortest configured time, in milliseconds; between 20 ms and 250 ms. */
    static long sweepMillis(ProxySettings settings) {
        var times = settings.timeouts();
        var keepAlive = settings.keepAlive();
        long shortest = Stream.of(
                        times.idle(),
                        times.clientRead(),
                        times.clientWrite(),
                        times.drain(),
                        times.firstByte(true),
                        settings.limits().memoryWait(),
                        keepAlive.isZero() ? times.idle() : keepAlive)
                .mapToLong(Duration::toMillis)
                .min()
                .orElseThrow();
        return Math.max(20, Math.min(250, shortest / 4));
    }

    @Override
    public void close() {
        timer.close();
        files.close();
        database.close();
        versions.close();
    }

    /** Waits a limited time for the end of the threads. To be called after {@link #close}. */
    void awaitEnd() {
        timer.awaitEnd(THREAD_END_MILLIS);
        files.awaitEnd(THREAD_END_MILLIS);
        long began = System.nanoTime();
        database.awaitEnd(DATABASE_END_MILLIS);
        long waited = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        // Both were stopped at the same time. A wait of 0 would have no limit.
        versions.awaitEnd(Math.max(1, DATABASE_END_MILLIS - waited));
    }

    /** One thread that runs small tasks periodically. A task that fails is logged and runs again. */
    static final class PeriodicTasks implements AutoCloseable {
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
}
