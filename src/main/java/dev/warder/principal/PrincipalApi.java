package dev.warder.principal;

import dev.warder.config.InvalidValueException;
import dev.warder.container.Pools;
import dev.warder.http.ErrorReply;
import java.sql.SQLException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the resources. One thread does the work, which waits for the database; it exists while there is something to do.
 * Thread-safe; no method waits.
 */
public final class PrincipalApi implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PrincipalApi.class);

    /** Requests that wait for the thread. */
    private static final int MOST_WAITING = 16;

    private static final int RETRY_AFTER = 5;

    private final Administration administration;
    private final ThreadPoolExecutor thread;

    /** Work for a request. */
    @FunctionalInterface
    public interface Work {
        ApiReply with(Administration administration) throws InvalidValueException, RefusedChangeException, SQLException;
    }

    /** Work for a page, which refuses by its own text. */
    @FunctionalInterface
    public interface Task<T> {
        T with(Administration administration) throws SQLException;
    }

    public PrincipalApi(Administration administration, ThreadFactory threads) {
        this.administration = administration;
        thread = Pools.limited(1, new ArrayBlockingQueue<>(MOST_WAITING), threads);
    }

    public CompletableFuture<ApiReply> reply(ApiRequest request) {
        return reply(any -> new Resources(any).serve(request));
    }

    public CompletableFuture<ApiReply> reply(Work work) {
        return run(
                administration -> {
                    try {
                        return work.with(administration);
                    } catch (InvalidValueException refused) {
                        return ApiReply.of(ErrorReply.invalidRequest(refused.reason()));
                    } catch (RefusedChangeException refused) {
                        return ApiReply.of(refused.reply());
                    }
                },
                ApiReply::of);
    }

    /**
     * Does something on the thread, after what waits for it.
     *
     * @param otherwise makes the result if too much waits, or the database cannot be used now; on any thread
     */
    public <T> CompletableFuture<T> run(Task<T> task, Function<ErrorReply, T> otherwise) {
        var result = new CompletableFuture<T>();
        try {
            thread.execute(() -> {
                try {
                    result.complete(result(task, otherwise));
                } catch (RuntimeException | Error fault) {
                    result.completeExceptionally(fault);
                }
            });
        } catch (RejectedExecutionException full) {
            result.complete(
                    otherwise.apply(ErrorReply.rateLimited("Too many requests of administrators wait.", RETRY_AFTER)));
        }
        return result;
    }

    private <T> T result(Task<T> task, Function<ErrorReply, T> otherwise) {
        try {
            return task.with(administration);
        } catch (SQLException away) {
            LOG.warn(
                    "a request of an administrator failed: the database cannot be used (SQL state {})",
                    away.getSQLState());
            return otherwise.apply(ErrorReply.overloaded(
                    "The database cannot be used now. A change may have been made: read before you repeat it.",
                    RETRY_AFTER));
        }
    }

    /** Ends after the requests that wait; an interrupted thread would close the files of H2. */
    @Override
    public void close() {
        thread.shutdown();
    }
}
