package dev.warder.container;

import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Counts the threads of this application that are inside the streams of one exchange. The request is returned to its
 * container when the last thread has left them. Thread-safe.
 */
final class Visits implements Executor {
    private final Executor threads;
    private final AtomicInteger open = new AtomicInteger(1);
    private volatile @Nullable Runnable last;

    Visits(Executor threads) {
        this.threads = threads;
    }

    /** Runs a visit on a thread that may wait. The end waits for this visit from now on. */
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
     * Visits on other threads, for which the end waits only once they have begun: a visit that would begin after the end
     * does not run.
     */
    Executor on(Executor others) {
        return visit -> others.execute(() -> {
            if (open.getAndUpdate(n -> n == 0 ? 0 : n + 1) > 0) {
                visit(visit);
            }
        });
    }

    /** No visit begins after this call; {@code end} runs once, after the last visit, on a thread that may wait. */
    void last(Runnable end) {
        last = end;
        try {
            threads.execute(this::comeOut);
        } catch (RejectedExecutionException none) {
            // This thread waits, because otherwise the request would never be returned.
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
