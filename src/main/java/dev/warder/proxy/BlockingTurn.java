package dev.warder.proxy;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Work that may wait, for one direction of an exchange: by one thread at a time, and once more when it was ordered meanwhile.
 * Thread-safe.
 */
final class BlockingTurn {
    private final AtomicInteger orders = new AtomicInteger();
    private final Executor threads;
    private final Runnable work;

    BlockingTurn(Executor threads, Runnable work) {
        this.threads = threads;
        this.work = work;
    }

    /** Has the work done, by the thread that is at it just now or by another. */
    void order() {
        if (orders.getAndIncrement() == 0) {
            threads.execute(this::workOff);
        }
    }

    private void workOff() {
        int seen = orders.get();
        while (seen > 0) {
            work.run();
            seen = orders.addAndGet(-seen);
        }
    }
}
