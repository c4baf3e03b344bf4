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
final class InFlightThreads implements Executor {
    private final Executor threads;
    private final AtomicInteger open = new AtomicInteger(1);
    private volatile @Nullable Runnable last;

    InFlightThreads(Executor threads) {
        this.threads = threads;
    }

    /** Runs {@code task} on a thread that may wait. The end waits for it from now on. */
    @Override
    public void execute(Runnable task) {
        open.incrementAndGet();
        try {
            threads.execute(() -> runTask(task));
        } catch (RejectedExecutionException none) {
            leave();
            throw none;
        }
    }

    /**
     * Runs tasks on other threads. The end waits for them only once they have begun: a task that would begin after the end
     * does not run.
     */
    Executor on(Executor others) {
        return task -> others.execute(() -> {
            if (open.getAndUpdate(n -> n == 0 ? 0 : n + 1) > 0) {
                runTask(task);
            }
        });
    }

    /** No task begins after this call; {@code end} runs once, after the last task, on a thread that may wait. */
    void last(Runnable end) {
        last = end;
        try {
            threads.execute(this::leave);
        } catch (RejectedExecutionException none) {
            // This thread waits, because otherwise the request would never be returned.
            leave();
        }
    }

    private void runTask(Runnable task) {
        try {
            task.run();
        } finally {
            leave();
        }
    }

    private void leave() {
        if (open.decrementAndGet() == 0) {
            Objects.requireNonNull(last).run();
        }
    }
}
