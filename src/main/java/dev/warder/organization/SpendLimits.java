package dev.warder.organization;

import dev.warder.budget.lease.PeriodReader;
import dev.warder.policy.Policy;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The effective spend limits of all clients. One thread reads them, one page after the other, so that this node has at most one
 * query for them at a time; it exists while there is something to read. Thread-safe; no method waits.
 */
public final class SpendLimits implements AutoCloseable {
    /** Pages that are read or sent at the same time: each may need 150 KB until a slow client has received it. */
    static final int MOST_OPEN = 16;

    private static final long IDLE_SECONDS = 5;

    private final Optional<Supplier<Policy>> policy;
    private final Optional<PeriodReader> reader;
    private final InstantSource clock;
    private final Semaphore open = new Semaphore(MOST_OPEN);
    private final ThreadPoolExecutor thread;

    /**
     * Creates them; nothing is read yet.
     *
     * @param policy gives the policy in use; empty without one, which has the budgets
     * @param reader empty without a database: no budget has an effect then
     * @param threads makes the thread
     */
    public SpendLimits(
            Optional<Supplier<Policy>> policy,
            Optional<PeriodReader> reader,
            ThreadFactory threads,
            InstantSource clock) {
        this.policy = policy;
        this.reader = reader;
        this.clock = clock;
        thread = new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
        thread.allowCoreThreadTimeOut(true);
    }

    /** Takes a place for a page, to be given back by {@link #leave} once; false if all are taken. */
    boolean enter() {
        return open.tryAcquire();
    }

    /** Gives a place back. */
    void leave() {
        open.release();
    }

    /**
     * The page that a query asks for. Fails with an {@link SQLException} if the database cannot be read now. A page that is
     * cancelled before its turn is not read.
     */
    CompletableFuture<SpendLimitDocument> page(SpendLimitQuery query) {
        var page = new CompletableFuture<SpendLimitDocument>();
        try {
            thread.execute(new Task(this, query, page));
        } catch (RejectedExecutionException closed) {
            fail(page);
        }
        return page;
    }

    /** Ends what waits. What runs goes on: an interrupted thread would close the files of H2. */
    @Override
    public void close() {
        thread.shutdown();
        for (var each = thread.getQueue().poll();
                each != null;
                each = thread.getQueue().poll()) {
            if (each instanceof Task task) {
                fail(task.page);
            }
        }
    }

    private record Task(SpendLimits limits, SpendLimitQuery query, CompletableFuture<SpendLimitDocument> page)
            implements Runnable {
        @Override
        public void run() {
            if (page.isDone()) {
                return;
            }
            try {
                page.complete(limits.read(query));
            } catch (SQLException | RuntimeException | Error failed) {
                page.completeExceptionally(failed);
            }
        }
    }

    private SpendLimitDocument read(SpendLimitQuery query) throws SQLException {
        if (policy.isEmpty() || reader.isEmpty()) {
            return new SpendLimitDocument(List.of(), Optional.empty());
        }
        var limits = EffectiveLimits.of(policy.get().get(), query, clock.instant());
        return limits.with(reader.get().read(limits.keys()));
    }

    private static void fail(CompletableFuture<SpendLimitDocument> page) {
        page.completeExceptionally(new SQLException("not read any more", "08003"));
    }
}
