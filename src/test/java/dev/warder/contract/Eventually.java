package dev.warder.contract;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for what gives no signal, such as a number of an MBean. Thread-safe. */
public final class Eventually {
    private static final Duration PAUSE = Duration.ofMillis(10);

    private Eventually() {}

    /** Looks again and again until the condition holds; an {@link AssertionError} when that takes longer than allowed. */
    public static void holds(Duration limit, Callable<Boolean> condition) throws Exception {
        var deadline = System.nanoTime() + limit.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("did not come true within " + limit);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }
}
