package dev.warder.principal.api;

import dev.warder.http.ErrorReply;
import dev.warder.principal.Administration;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Does what clients ask for themselves, on a thread of its own, so that they keep no administrator waiting. A client has one request
 * at a time here. Thread-safe; no method waits.
 */
public final class OwnRequests implements AutoCloseable {
    private static final int MOST_WAITING = 16;
    private static final int IDLE_SECONDS = 5;
    private static final int RETRY_AFTER = 2;

    private final Administration administration;
    private final ThreadPoolExecutor thread;
    private final Set<String> clients = ConcurrentHashMap.newKeySet();

    OwnRequests(Administration administration, ThreadFactory threads) {
        this.administration = administration;
        thread = new ThreadPoolExecutor(
                1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST_WAITING), threads);
        thread.allowCoreThreadTimeOut(true);
    }

    /**
     * Does something for a client.
     *
     * @param otherwise makes the result if too much waits, or the database cannot be used now; on any thread
     */
    public <T> CompletableFuture<T> run(String client, PrincipalApi.Task<T> task, Function<ErrorReply, T> otherwise) {
        if (!clients.add(client)) {
            return CompletableFuture.completedFuture(otherwise.apply(busy()));
        }
        var result = new CompletableFuture<T>();
        try {
            thread.execute(() -> complete(result, client, task, otherwise));
        } catch (RejectedExecutionException full) {
            clients.remove(client);
            result.complete(otherwise.apply(busy()));
        }
        return result;
    }

    private <T> void complete(
            CompletableFuture<T> result, String client, PrincipalApi.Task<T> task, Function<ErrorReply, T> otherwise) {
        T found;
        try {
            found = task.with(administration);
        } catch (SQLException away) {
            found = otherwise.apply(PrincipalApi.away(away));
        } catch (RuntimeException | Error fault) {
            clients.remove(client);
            result.completeExceptionally(fault);
            return;
        }
        clients.remove(client);
        result.complete(found);
    }

    private static ErrorReply busy() {
        return ErrorReply.rateLimited("Too many such requests wait. Try again soon.", RETRY_AFTER);
    }

    /** Ends after the requests that wait; an interrupted thread would close the files of H2. */
    @Override
    public void close() {
        thread.shutdown();
    }
}
