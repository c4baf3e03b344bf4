package dev.warder.usage;

import dev.warder.container.Pools;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.BooleanSupplier;

/**
 * Reads documents on one thread, one after the other, so that this node asks the database for at most one at a time. The thread
 * exists while there is something to read. A fixed number of places limits what is read or sent at the same time. Thread-safe;
 * no method waits.
 */
public final class DocumentReads implements AutoCloseable {
    private final Semaphore open;
    private final ThreadPoolExecutor thread;

    /** How a document is read. */
    @FunctionalInterface
    public interface Reading<T> {
        /**
         * Reads it.
         *
         * @param wanted whether its caller still waits for it
         * @throws SQLException when the database cannot be read now
         */
        T read(BooleanSupplier wanted) throws SQLException;
    }

    /**
     * Creates it without a thread.
     *
     * @param places how many documents are read or sent at the same time at most
     * @param threads makes the thread
     */
    public DocumentReads(int places, ThreadFactory threads) {
        open = new Semaphore(places);
        thread = Pools.single(threads);
    }

    /** Takes a place, to be given back by {@link #leave} once; false if all are taken. */
    public boolean enter() {
        return open.tryAcquire();
    }

    public void leave() {
        open.release();
    }

    /** Reads a document. What is cancelled before its turn is not read. */
    public <T> CompletableFuture<T> read(Reading<T> reading) {
        var document = new CompletableFuture<T>();
        try {
            thread.execute(new Task<>(reading, document));
        } catch (RejectedExecutionException | OutOfMemoryError noThread) {
            fail(document);
        }
        return document;
    }

    /** Ends what waits. What runs goes on: an interrupted thread would close the files of H2. */
    @Override
    public void close() {
        thread.shutdown();
        for (var each = thread.getQueue().poll();
                each != null;
                each = thread.getQueue().poll()) {
            if (each instanceof Task<?> task) {
                fail(task.document);
            }
        }
    }

    private record Task<T>(Reading<T> reading, CompletableFuture<T> document) implements Runnable {
        @Override
        public void run() {
            if (document.isDone()) {
                return;
            }
            try {
                document.complete(reading.read(() -> !document.isDone()));
            } catch (SQLException | RuntimeException | Error failed) {
                document.completeExceptionally(failed);
            }
        }
    }

    private static void fail(CompletableFuture<?> document) {
        document.completeExceptionally(new SQLException("not read any more", "08003"));
    }
}
