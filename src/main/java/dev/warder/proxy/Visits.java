package dev.warder.proxy;

import java.util.Objects;
import java.util.concurrent.Executor;
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

    /** Goes in, on a thread that may wait there. */
    @Override
    public void execute(Runnable visit) {
        open.incrementAndGet();
        threads.execute(() -> {
            try {
                visit.run();
            } finally {
                comeOut();
            }
        });
    }

    /** Nobody goes in from now on; {@code end} runs as soon as all are out, on a thread that may wait. Once. */
    void last(Runnable end) {
        last = end;
        threads.execute(this::comeOut);
    }

    private void comeOut() {
        if (open.decrementAndGet() == 0) {
            Objects.requireNonNull(last).run();
        }
    }
}
