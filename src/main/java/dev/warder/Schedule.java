package dev.warder;

import dev.warder.exchange.ProxySettings;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The gateway's periodic tasks, on four threads: the timer never waits, a slow disk does not delay the checks of the
 * database, and a statement that hangs does not delay the check that reports it. A thread starts with its first task.
 * Thread-safe.
 */
final class Schedule implements AutoCloseable {
    private static final long THREAD_END_MILLIS = 1000;

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
}
