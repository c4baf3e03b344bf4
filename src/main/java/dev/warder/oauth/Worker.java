package dev.warder.oauth;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** The one thread of a source, which waits for stores and endpoints. Thread-safe. */
final class Worker implements AutoCloseable {
    /** A store's own limit plus a little: a token that is being stored would be lost with its thread. */
    private static final long END_MILLIS = 6000;

    private final ExecutorService thread;

    Worker(ThreadFactory threads) {
        thread = Executors.newSingleThreadExecutor(threads);
    }

    /** Runs {@code task} after those before it; false when it will never run. */
    boolean run(Runnable task) {
        try {
            thread.execute(task);
            return true;
        } catch (RejectedExecutionException closed) {
            return false;
        }
    }

    /** Ends after running and waiting tasks, without an interruption, which would abort the writing of a file. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(END_MILLIS, TimeUnit.MILLISECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException stop) {
            thread.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
