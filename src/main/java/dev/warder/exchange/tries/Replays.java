package dev.warder.exchange.tries;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/**
 * The budget for sending a request a third time or more often: a fifth of the open exchanges, at least three, so that an
 * upstream in trouble is not asked by many times the clients there are. Thread-safe.
 */
public final class Replays {
    private static final int LEAST = 3;
    private static final int SHARE = 5;

    private final IntSupplier open;
    private final AtomicInteger running = new AtomicInteger();

    public Replays(IntSupplier open) {
        this.open = open;
    }

    boolean enter() {
        if (running.incrementAndGet() <= Math.max(LEAST, open.getAsInt() / SHARE)) {
            return true;
        }
        leave();
        return false;
    }

    void leave() {
        running.decrementAndGet();
    }
}
