package dev.warder.servers;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waiting for another process, which gives no signals. */
final class Patience {
    private Patience() {}

    /** Asks every 50 ms until the condition holds; an {@link AssertionError} that says what was waited for in the end. */
    static void eventually(Supplier<String> what, Duration limit, BooleanSupplier condition)
            throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("waited " + limit + " in vain until " + what.get());
            }
            pause(50);
        }
    }

    /** Lets this many milliseconds pass. */
    static void pause(long millis) throws InterruptedException {
        if (new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS)) {
            throw new AssertionError("nobody counts down");
        }
    }
}
