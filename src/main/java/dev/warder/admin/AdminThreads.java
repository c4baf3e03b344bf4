package dev.warder.admin;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.container.TaskPool;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

/**
 * The threads that wait for the database on behalf of administrators: four for queries and their pages, and three for reports
 * and exports. They never wait for a client. The places of tasks that wait and of responses are limited: a caller gets one while
 * it has fewer than are free. Thread-safe; no method waits.
 */
public final class AdminThreads implements AutoCloseable {
    private static final int QUERIES = 4;
    private static final int EXPORTS = 3;

    /** Tasks that wait for a thread, of each kind. */
    private static final int MOST_WAITING = 16;

    /** Responses in Anthropic's shape that are made or sent at the same time: each may need 1 MB until a slow client has it. */
    private static final int MOST_OPEN = 16;

    private final TaskPool queries;
    private final TaskPool exports;

    /** The callers of these responses. */
    @GuardedBy("open")
    private final List<String> open = new ArrayList<>();

    private final AtomicReference<CompletableFuture<Void>> later = new AtomicReference<>(new CompletableFuture<>());

    public AdminThreads(ThreadFactory threads) {
        queries = new TaskPool(QUERIES, MOST_WAITING, threads);
        exports = new TaskPool(EXPORTS, MOST_WAITING, threads);
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
            ended = () -> threads.exports.isClosed() || ofRequest.getAsBoolean();
        }

        /** Runs a task soon, see {@link TaskPool#run}. */
        <T> CompletableFuture<T> query(Callable<T> task) {
            return threads.queries.run(caller, ended, task);
        }

        /** As {@link #query}, for a task that may take seconds. */
        <T> CompletableFuture<T> export(Callable<T> task) {
            return threads.exports.run(caller, ended, task);
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
    }

    /** Reads on a thread for exports what all callers share, so that it does not depend on the request of one. */
    public <T> CompletableFuture<T> shared(Callable<T> reading) {
        return exports.run("all", () -> false, reading);
    }

    /** Has the tasks that found no place tried again; to be called each second. */
    public void tick() {
        later.getAndSet(new CompletableFuture<>()).complete(null);
    }

    @Override
    public void close() {
        queries.close();
        exports.close();
        tick();
    }
}
