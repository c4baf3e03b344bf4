package dev.warder.proxy;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that may wait, for one direction of an exchange: by one thread at a time, and once more when it was ordered meanwhile.
 * Work that fails is logged, and may be ordered again. Thread-safe.
 */
final class BlockingTurn {
    private static final Logger LOG = LoggerFactory.getLogger(BlockingTurn.class);

    private final AtomicInteger orders = new AtomicInteger();
    private final Executor threads;
    private final Runnable work;

    BlockingTurn(Executor threads, Runnable work) {
        this.threads = threads;
        this.work = work;
    }

    /**
     * Has the work done, by the thread that is at it just now or by another.
     *
     * @throws RejectedExecutionException when there is no other
     */
    void order() {
        if (orders.getAndIncrement() > 0) {
            return;
        }
        try {
            threads.execute(this::workOff);
        } catch (RejectedExecutionException none) {
            orders.set(0);
            throw none;
        }
    }

    private void workOff() {
        int seen = orders.get();
        while (seen > 0) {
            try {
                work.run();
            } catch (Throwable fault) {
                LOG.error("A fault ended what was done for a client", fault);
            }
            seen = orders.addAndGet(-seen);
        }
    }
}
