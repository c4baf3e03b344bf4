package dev.warder.ledger.jdbc;

import dev.warder.ledger.store.Backlog;
import dev.warder.ledger.store.Intent;
import dev.warder.ledger.store.IntentLog;
import dev.warder.ledger.store.RetryPause;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Intents as rows of the database, for nodes without {@code data.dir}. A thread inserts all that have come since its last
 * statement at once. While the database is away, no request waits for it. Thread-safe.
 */
public final class DatabaseIntents implements IntentLog, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseIntents.class);
    private static final int QUEUE = 10_000;
    private static final int GROUP = 200;
    private static final long POLL_MILLIS = 500;

    private final DatabaseStore store;
    private final LongSupplier nanoTime;
    private final Thread thread;
    private final BlockingQueue<Item> queue = new ArrayBlockingQueue<>(QUEUE);

    private final Backlog tooLate;

    private volatile boolean closing;
    private volatile boolean away;

    /** Used by the thread. */
    private final RetryPause pause = new RetryPause();

    /** Used by the thread. */
    private long retryAt;

    private record Item(Intent intent, CompletableFuture<Boolean> durable) {}

    /** @param tooLate receives intents that were inserted after their request had gone on without them */
    public DatabaseIntents(DatabaseStore store, Backlog tooLate, ThreadFactory threads, LongSupplier nanoTime) {
        this.store = store;
        this.nanoTime = nanoTime;
        this.tooLate = tooLate;
        this.thread = threads.newThread(this::run);
        thread.start();
    }

    @Override
    public CompletableFuture<Boolean> note(Intent intent) {
        var item = new Item(intent, new CompletableFuture<>());
        if (closing || away || !queue.offer(item)) {
            item.durable().complete(false);
        }
        return item.durable();
    }

    private void run() {
        try {
            while (!closing) {
                var first = queue.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
                if (first != null || away && nanoTime.getAsLong() - retryAt >= 0) {
                    var group = new ArrayList<Item>();
                    if (first != null) {
                        group.add(first);
                    }
                    queue.drainTo(group, GROUP);
                    insert(group);
                }
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } catch (Throwable fault) {
            LOG.error("The intents of the ledger are not written any more", fault);
        }
        closing = true;
        for (var each = queue.poll(); each != null; each = queue.poll()) {
            each.durable().complete(false);
        }
    }

    private void insert(List<Item> group) {
        // A request that has gone on may have its rows stored already.
        var waiting = group.stream().filter(each -> !each.durable().isDone()).toList();
        boolean done = false;
        try {
            done = inserted(waiting.stream().map(Item::intent).toList());
        } finally {
            for (var each : waiting) {
                complete(each, done);
            }
        }
    }

    private void complete(Item item, boolean done) {
        try {
            if (!item.durable().complete(done) && done) {
                tooLate.add(new Intent.Settled(Optional.of(item.intent().id()), List.of()));
            }
        } catch (RuntimeException | Error fault) {
            LOG.error("A request did not go on after its intent was written", fault);
        }
    }

    private boolean inserted(List<Intent> intents) {
        try {
            store.note(intents);
            away = false;
            pause.reset();
            return true;
        } catch (SQLException | RuntimeException failed) {
            LOG.debug("intents cannot be written: {}", failed.getClass().getSimpleName());
            away = true;
            retryAt = nanoTime.getAsLong() + pause.after(failed).toNanos();
            return false;
        }
    }

    /** Ends the thread after its current statement; intents that wait are not written. Does not wait. */
    @Override
    public void close() {
        closing = true;
    }
}
