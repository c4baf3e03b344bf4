package dev.warder.container;

import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps count of our threads inside the container's streams of one exchange: the request goes back to its container when the
 * last one has come out. Thread-safe.
 */
final class Visits implements Executor {
    private final Executor threads;
    private final AtomicInteger open = new AtomicInteger(1);
    private volatile @Nullable Runnable last;

    Visits(Executor threads) {
        this.threads = threads;
    }

    /** Goes in, on a thread that may wait there. The end waits for this visit from now on. */
    @Override
    public void execute(Runnable visit) {
        open.incrementAndGet();
        try {
            threads.execute(() -> visit(visit));
        } catch (RejectedExecutionException none) {
            comeOut();
            throw none;
        }
    }

    /**
     * Visits on other threads, for which the end waits only from when they go in: one whose turn comes too late does not go
     * in any more.
     */
    Executor on(Executor others) {
        return visit -> others.execute(() -> {
            if (open.getAndUpdate(n -> n == 0 ? 0 : n + 1) > 0) {
                visit(visit);
            }
        });
    }

    /** Nobody goes in from now on; {@code end} runs as soon as all are out, on a thread that may wait. Once. */
    void last(Runnable end) {
        last = end;
        try {
            threads.execute(this::comeOut);
        } catch (RejectedExecutionException none) {
            // Better that this thread waits than that the request stays here for ever.
            comeOut();
        }
    }

    private void visit(Runnable visit) {
        try {
            visit.run();
        } finally {
            comeOut();
        }
    }

    private void comeOut() {
        if (open.decrementAndGet() == 0) {
            Objects.requireNonNull(last).run();
        }
    }
}
