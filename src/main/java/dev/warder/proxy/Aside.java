package dev.warder.proxy;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Does what takes a while on a thread that nobody else waits for: a container's thread may be one that selects for other
 * clients too, and the reactor's serves all upstream connections. Thread-safe.
 */
final class Aside {
    private final Executor threads;

    Aside(Executor threads) {
        this.threads = threads;
    }

    /**
     * Has {@code work} done, on this thread where there is no other.
     *
     * @param failed is run when it throws: no container is told of that here, and without a word the exchange would stay
     *     open
     */
    void run(Runnable work, Runnable failed) {
        try {
            threads.execute(() -> guarded(work, failed));
        } catch (IllegalStateException | RejectedExecutionException noThread) {
            guarded(work, failed);
        }
    }

    private static void guarded(Runnable work, Runnable failed) {
        try {
            work.run();
        } catch (RuntimeException | Error fault) {
            failed.run();
            throw fault;
        }
    }
}
