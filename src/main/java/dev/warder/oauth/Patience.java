package dev.warder.oauth;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Tries again and again, for 5 s at the most: a lock that other processes and other class loaders hold as well tells
 * nobody that it is free. Thread-safe.
 *
 * @param nanoTime the clock
 * @param pause waits about as long as it is told; a thread that is interrupted does not wait
 */
record Patience(LongSupplier nanoTime, Consumer<Duration> pause) {
    static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Duration INTERVAL = Duration.ofMillis(10);

    /** The real clock, and a thread that may wait. */
    static Patience ofThisThread() {
        return new Patience(System::nanoTime, time -> LockSupport.parkNanos(time.toNanos()));
    }

    /** Something that may not come off. */
    interface Attempt<T> {
        /** What came of it; empty when it is to be tried again. */
        Optional<T> result() throws TokenStoreException;
    }

    /** What the first attempt gives that gives something; fails with {@code refusal} when there was none in time. */
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

    /** Waits once for a short while. */
    void rest() {
        pause.accept(INTERVAL);
    }
}
