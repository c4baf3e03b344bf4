package dev.warder.container;

import java.util.ArrayList;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.BooleanSupplier;

/**
 * Threads that wait for the database on behalf of callers. A thread exists while there is something to do. The tasks that wait
 * for one are limited: a caller may add one while it has fewer than there are free places. Thread-safe; no method waits.
 */
public final class TaskPool implements AutoCloseable {
    private final ThreadPoolExecutor threads;

    /** The reason why a task is not taken: the application stops. */
    public static final class StoppedException extends RejectedExecutionException {}

    /**
     * Creates it without a thread.
     *
     * @param most threads
     * @param waiting the most tasks that wait for a thread
     */
    public TaskPool(int most, int waiting, ThreadFactory threads) {
        this.threads = Pools.limited(most, new ArrayBlockingQueue<>(waiting), threads);
    }

    /**
     * Runs a task soon; fails with what it throws, or with a {@link RejectedExecutionException} if too many wait.
     *
     * @param ended whether nobody waits for the result any more; a task is not begun after that
     */
    public <T> CompletableFuture<T> run(String caller, BooleanSupplier ended, Callable<T> work) {
        var task = new Task<>(caller, ended, work, new CompletableFuture<>());
        try {
            // Two requests of a caller must not take its last place both.
            synchronized (threads) {
                var waiting = threads.getQueue();
                if (waiting.stream().filter(task::isOfSameCaller).count() >= waiting.remainingCapacity()) {
                    throw new RejectedExecutionException();
                }
                threads.execute(task);
            }
        } catch (RejectedExecutionException | OutOfMemoryError none) {
            task.result.completeExceptionally(isClosed() ? new StoppedException() : none);
        }
        return task.result;
    }

    public boolean isClosed() {
        return threads.isShutdown();
    }

    private record Task<T>(String caller, BooleanSupplier ended, Callable<T> work, CompletableFuture<T> result)
            implements Runnable {
        boolean isOfSameCaller(Runnable other) {
            return other instanceof Task<?> task && task.caller.equals(caller);
        }

        @Override
        public void run() {
            try {
                if (ended.getAsBoolean()) {
                    result.cancel(false);
                } else {
                    result.complete(work.call());
                }
            } catch (Exception | Error fault) {
                result.completeExceptionally(fault);
            }
        }
    }

    /** Ends what waits. What runs goes on: an interrupted thread would close the files of H2. */
    @Override
    public void close() {
        threads.shutdown();
        var waiting = new ArrayList<Runnable>();
        threads.getQueue().drainTo(waiting);
        waiting.forEach(each -> ((Task<?>) each).result.completeExceptionally(new StoppedException()));
    }
}
