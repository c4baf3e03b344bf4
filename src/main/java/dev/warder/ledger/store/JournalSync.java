package dev.warder.ledger.store;

import dev.warder.container.Pools;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forces the files of a journal to the disk, on a thread of its own: a tenth of a second after something was appended, together
 * with all that was appended meanwhile. The same thread deletes the {@link HoldsMark} when something is lost. Thread-safe.
 */
final class JournalSync {
    private static final Logger LOG = LoggerFactory.getLogger(JournalSync.class);
    private static final long INTERVAL_MILLIS = 100;

    private final JournalFiles files;
    private final HoldsMark mark;
    private final Thread thread;
    private final Semaphore wakeUp = new Semaphore(0);
    private final Semaphore end = new Semaphore(0);

    /** Whether something was appended that the thread has not seen. */
    private volatile boolean pending;

    /** Complete when the thread has looked at the mark. */
    private final Queue<CompletableFuture<Boolean>> looks = new ConcurrentLinkedQueue<>();

    private final AtomicLong failures = new AtomicLong();

    /** Whether the thread has ended by a fault. */
    private volatile boolean ended;

    /** Whether the thread does nothing any more. */
    private volatile boolean over;

    JournalSync(JournalFiles files, HoldsMark mark, ThreadFactory threads) {
        this.files = files;
        this.mark = mark;
        this.thread = threads.newThread(this::run);
    }

    /** Starts the thread. */
    void start() {
        thread.start();
    }

    void appended() {
        if (!pending) {
            pending = true;
            wakeUp.release();
        }
    }

    /** Something is lost that a request holds, or was charged. Does not wait. */
    void loseHolds() {
        mark.lose();
        wakeUp.release();
    }

    /** Completes with false when the mark is not there any more, if something is lost, or cannot be deleted. Does not wait. */
    CompletableFuture<Boolean> lookAtMark() {
        if (mark.isGone()) {
            return CompletableFuture.completedFuture(false);
        }
        var look = new CompletableFuture<Boolean>();
        looks.add(look);
        wakeUp.release();
        if (over) {
            endLooks();
        }
        return look;
    }

    private void endLooks() {
        for (var each = looks.poll(); each != null; each = looks.poll()) {
            complete(each, false);
        }
    }

    private void look() {
        // Those that come after the look wait for the next one.
        var before = new ArrayList<CompletableFuture<Boolean>>();
        for (var each = looks.poll(); each != null; each = looks.poll()) {
            before.add(each);
        }
        try {
            mark.look();
        } finally {
            before.forEach(each -> complete(each, false));
        }
    }

    static void complete(CompletableFuture<Boolean> written, boolean done) {
        try {
            written.complete(done);
        } catch (RuntimeException | Error fault) {
            LOG.error("A request did not go on after its intent was written, or was not", fault);
        }
    }

    private void run() {
        try {
            boolean ending = false;
            while (!ending) {
                wakeUp.acquire();
                wakeUp.drainPermits();
                look();
                ending = end.tryAcquire(INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
                pending = false;
                force();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } catch (Throwable fault) {
            ended = true;
            LOG.error("The journal of the ledger is not forced to the disk any more", fault);
        } finally {
            over = true;
            endLooks();
        }
    }

    private void force() {
        for (var each : files.oldestFirst()) {
            if (!each.earlier()) {
                // Asked before: what is appended in between would not be forced.
                boolean complete = each.isComplete();
                force(each);
                if (complete) {
                    each.close();
                }
            }
        }
    }

    private void force(JournalFile file) {
        try {
            file.force();
        } catch (ClosedChannelException deleted) {
            // All of it is stored.
        } catch (IOException failed) {
            // The system may drop what it could not write, and not even the next start knows.
            mark.lose();
            mark.look();
            long before = failures.getAndIncrement();
            if (before == 0) {
                LOG.warn(
                        "The journal of the ledger cannot be forced to the disk: {}",
                        failed.getClass().getSimpleName());
            }
        }
    }

    /** How many files the disk has not taken completely since the start. */
    long failures() {
        return failures.get();
    }

    boolean isUncertain() {
        return ended || files.oldestFirst().stream().anyMatch(JournalFile::hasFailed);
    }

    /** Forces what was appended, ends the thread, and waits for that for at most 5 s. */
    void stop() {
        end.release();
        wakeUp.release();
        Pools.awaitEnd(thread, TimeUnit.SECONDS.toMillis(5));
    }
}
