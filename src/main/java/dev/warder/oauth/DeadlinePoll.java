package dev.warder.oauth;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Repeats an attempt for at most 5 s: a lock that other processes and other class loaders share sends no notice when it
 * is free. Thread-safe.
 *
 * @param nanoTime the clock
 * @param pause waits about as long as its argument; a thread that is interrupted does not wait
 */
record DeadlinePoll(LongSupplier nanoTime, Consumer<Duration> pause) {
    static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Duration INTERVAL = Duration.ofMillis(10);

    /** The real clock, and a thread that may wait. */
    static DeadlinePoll ofThisThread() {
        return new DeadlinePoll(System::nanoTime, time -> LockSupport.parkNanos(time.toNanos()));
    }

    /** An attempt that may fail. */
    interface Attempt<T> {
        Optional<T> result() throws TokenStoreException;
    }

    /** Returns the result of the first attempt that has one; fails with {@code refusal} when there was none in time. */
    <T> T await(Attempt<T> attempt, String refusal) throws TokenStoreException {
        long end = nanoTime.getAsLong() + LIMIT.toNanos();
        var result = attempt.result();
        while (result.isEmpty()) {
            if (nanoTime.getAsLong() - end >= 0 || Thread.currentThread().isInterrupted()) {
                throw new TokenStoreException(refusal);
            }
            rest();
            result = attempt.result();
        }
        return result.get();
    }

    void rest() {
        pause.accept(INTERVAL);
    }
}
