package dev.warder.admin;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.container.Pools;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

/**
 * The threads that wait for the database on behalf of administrators: four for queries and their pages, and three for reports
 * and exports. A thread exists while there is something to do, and never waits for a client. The places of tasks that wait and
 * of responses are limited: a caller gets one while it has fewer than are free. Thread-safe; no method waits.
 */
public final class AdminThreads implements AutoCloseable {
    private static final int QUERIES = 4;
    private static final int EXPORTS = 3;

    /** Tasks that wait for a thread, of each kind. */
    private static final int MOST_WAITING = 16;

    /** Responses in Anthropic's shape that are made or sent at the same time: each may need 1 MB until a slow client has it. */
    private static final int MOST_OPEN = 16;

    private final ThreadPoolExecutor queries;
    private final ThreadPoolExecutor exports;

    /** The callers of these responses. */
    @GuardedBy("open")
    private final List<String> open = new ArrayList<>();

    private final AtomicReference<CompletableFuture<Void>> later = new AtomicReference<>(new CompletableFuture<>());

    public AdminThreads(ThreadFactory threads) {
        queries = Pools.limited(QUERIES, new ArrayBlockingQueue<>(MOST_WAITING), threads);
        exports = Pools.limited(EXPORTS, new ArrayBlockingQueue<>(MOST_WAITING), threads);
    }

    /**
     * The threads as one request has them.
     *
     * @param caller of the request
     * @param ended whether the request has ended, or the application stops; a task is not begun after that
     */
    record Share(AdminThreads threads, String caller, BooleanSupplier ended) {
        Share {
            var ofRequest = ended;
            ended = () -> threads.exports.isShutdown() || ofRequest.getAsBoolean();
        }

        /** Runs a task soon; fails with what it throws, or with a {@link RejectedExecutionException} if too many wait. */
        <T> CompletableFuture<T> query(Callable<T> task) {
            return run(threads.queries, task);
        }

        /** As {@link #query}, for a task that may take seconds. */
        <T> CompletableFuture<T> export(Callable<T> task) {
            return run(threads.exports, task);
        }

        /** Completes at the next {@link #tick}, or when the application stops. */
        CompletableFuture<Void> later() {
            return Objects.requireNonNull(threads.later.get());
        }

        /** Takes a place for a response, to be given back by {@link #leave} once; false if there is none for this caller. */
        boolean enter() {
            synchronized (threads.open) {
                return Collections.frequency(threads.open, caller) < MOST_OPEN - threads.open.size()
                        && threads.open.add(caller);
            }
        }

        void leave() {
            synchronized (threads.open) {
                threads.open.remove(caller);
            }
        }

        private <T> CompletableFuture<T> run(ThreadPoolExecutor pool, Callable<T> work) {
            var task = new Task<>(caller, ended, work, new CompletableFuture<>());
            try {
                // Two requests of a caller must not take its last place both.
                synchronized (pool) {
                    var waiting = pool.getQueue();
                    if (waiting.stream().filter(task::isOfSameCaller).count() >= waiting.remainingCapacity()) {
                        throw new RejectedExecutionException();
                    }
                    pool.execute(task);
                }
            } catch (RejectedExecutionException | OutOfMemoryError none) {
                task.result.completeExceptionally(pool.isShutdown() ? new StoppedException() : none);
            }
            return task.result;
        }
    }

    /** Reads on a thread for exports what all callers share, so that it does not depend on the request of one. */
    public <T> CompletableFuture<T> shared(Callable<T> reading) {
        return new Share(this, "all", () -> false).export(reading);
    }

    /** The reason why a task is not taken: the application stops. */
    static final class StoppedException extends RejectedExecutionException {}

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

    /** Has the tasks that found no place tried again; to be called each second. */
    public void tick() {
        later.getAndSet(new CompletableFuture<>()).complete(null);
    }

    /** Ends what waits. What runs goes on: an interrupted thread would close the files of H2. */
    @Override
    public void close() {
        for (var pool : List.of(queries, exports)) {
            pool.shutdown();
            var waiting = new ArrayList<Runnable>();
            pool.getQueue().drainTo(waiting);
            waiting.forEach(each -> ((Task<?>) each).result.completeExceptionally(new StoppedException()));
        }
        tick();
    }
}
