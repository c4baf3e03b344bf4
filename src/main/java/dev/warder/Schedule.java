package dev.warder;

import dev.warder.proxy.ProxySettings;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * The gateway's periodic tasks, on three threads: the timer never waits, and a slow disk does not delay the checks of the
 * database. Thread-safe.
 */
final class Schedule implements AutoCloseable {
    private static final long THREAD_END_MILLIS = 1000;

    /** Longer than the others, because a JDBC driver cannot be interrupted while it connects. */
    private static final long DATABASE_END_MILLIS = 4000;

    private final NamedThreads timerThreads = new NamedThreads("timer");
    private final NamedThreads fileThreads = new NamedThreads("files");
    private final NamedThreads databaseThreads = new NamedThreads("database");
    private final PeriodicTasks timer = new PeriodicTasks(timerThreads);
    private final PeriodicTasks files = new PeriodicTasks(fileThreads);
    private final PeriodicTasks database = new PeriodicTasks(databaseThreads);

    /** Tasks that never wait. */
    PeriodicTasks timer() {
        return timer;
    }

    /** Tasks that may wait for a disk. */
    PeriodicTasks files() {
        return files;
    }

    /** Tasks that may wait for the operator's database. */
    PeriodicTasks database() {
        return database;
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

    /** Starts no task any more; a task that runs is interrupted. */
    @Override
    public void close() {
        timer.close();
        files.close();
        database.close();
    }

    /** Waits a limited time for the end of the threads. To be called after {@link #close}. */
    void awaitEnd() {
        for (var threads : List.of(timerThreads, fileThreads)) {
            threads.awaitEnd(THREAD_END_MILLIS);
        }
        databaseThreads.awaitEnd(DATABASE_END_MILLIS);
    }
}
