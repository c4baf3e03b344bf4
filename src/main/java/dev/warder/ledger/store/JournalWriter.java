package dev.warder.ledger.store;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.container.Pools;
import dev.warder.ledger.store.Journal.HeldInstead;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends intents and rows to the newest file of a journal. The calling thread does it if no other one does just now; else it
 * puts them into a queue, which a thread of the writer appends, so that at most one thread waits for a disk that hangs. What
 * one thread has put into the queue is never overtaken by what it adds later. Thread-safe.
 */
final class JournalWriter {
    private static final Logger LOG = LoggerFactory.getLogger(JournalWriter.class);
    private static final int QUEUE = 20_000;
    private static final int GROUP = 1000;

    private static final int HEADROOM = 8;

    private static final long POLL_MILLIS = 500;

    private final JournalFiles files;
    private final Journal.Limits limits;
    private final JournalSync sync;
    private final Thread thread;
    private final BlockingQueue<JournalAppender.Item> queue = new ArrayBlockingQueue<>(QUEUE);
    private final Semaphore wakeUp = new Semaphore(0);
    /** Intents whose end was not taken; they must not keep files. */
    private final Queue<UUID> refused = new ConcurrentLinkedQueue<>();

    /** Rows of items that could not be made. */
    private final AtomicLong lost = new AtomicLong();

    private volatile boolean closing;

    /** Items leave the queue only under this lock. */
    private final ReentrantLock appending = new ReentrantLock();

    @GuardedBy("appending")
    private final JournalAppender appender;

    JournalWriter(JournalFiles files, Journal.Limits limits, JournalSync sync, ThreadFactory threads) {
        this.files = files;
        this.limits = limits;
        this.sync = sync;
        this.appender = new JournalAppender(files, limits.file(), sync);
        this.thread = threads.newThread(this::run);
    }

    /** Starts the threads. */
    void start() {
        thread.start();
        sync.start();
    }

    CompletableFuture<Boolean> note(Intent intent) {
        var item = new JournalAppender.Item(intent);
        if (!take(item, true)) {
            item.written().complete(false);
        }
        return intent.isOfBudgets() ? item.written().thenCompose(this::orMarked) : item.written();
    }

    private CompletableFuture<Boolean> orMarked(boolean written) {
        return written ? CompletableFuture.completedFuture(true) : sync.lookAtMark();
    }

    /** {@link Journal#hold}. On threads that many requests share, so that none of them waits for the disk. */
    void hold(HeldInstead held) {
        take(new JournalAppender.Item(held), false);
    }

    boolean add(Intent.Settled settled) {
        boolean taken = false;
        try {
            taken = take(item(settled), true);
            return taken;
        } finally {
            // After an Error too.
            if (!taken && !closing) {
                settled.intent().ifPresent(refused::add);
            }
        }
    }

    private JournalAppender.Item item(Intent.Settled settled) {
        try {
            return new JournalAppender.Item(settled);
        } catch (RuntimeException | Error fault) {
            lost.addAndGet(settled.rows().size());
            if (settled.isOfBudgets()) {
                sync.loseHolds();
            }
            throw fault;
        }
    }

    private boolean take(JournalAppender.Item item, boolean here) {
        boolean taken = isTaken(item, here);
        if (!taken && item.entry().isOfBudgets() && !closing) {
            sync.loseHolds();
        }
        return taken;
    }

    /**
     * Ends of intents have more space than intents.
     *
     * @param here whether this thread may append it
     */
    private boolean isTaken(JournalAppender.Item item, boolean here) {
        boolean ends = item.ends();
        long all = ends ? limits.all() + limits.all() / HEADROOM : limits.all();
        boolean full = files.bytes() >= all || !ends && queue.remainingCapacity() <= QUEUE / HEADROOM;
        if (closing || full) {
            return false;
        }
        files.count(item.frame().length);
        // If the item is appended here, the appender has counted it, after an Error too.
        boolean taken = here && appendedHere(item) || !closing && queue.offer(item);
        if (!taken) {
            files.count(-item.frame().length);
        }
        if (!queue.isEmpty()) {
            wakeUp.release();
        }
        return taken;
    }

    /** Whether this thread has tried to append the item; not while others wait, which were first. */
    private boolean appendedHere(JournalAppender.Item item) {
        if (!queue.isEmpty() || !appending.tryLock()) {
            return false;
        }
        try {
            if (closing || !queue.isEmpty()) {
                return false;
            }
            item.written().complete(appender.append(List.of(item)));
            return true;
        } finally {
            appending.unlock();
        }
    }

    @SuppressWarnings("GuardedBy") // A counter.
    long lost() {
        return appender.lost() + lost.get();
    }

    private void run() {
        try {
            while (!closing || !queue.isEmpty()) {
                boolean woken = queue.isEmpty() && wakeUp.tryAcquire(POLL_MILLIS, TimeUnit.MILLISECONDS);
                LOG.trace("the journal's thread was woken: {}", woken);
                wakeUp.drainPermits();
                appendQueue();
            }
            // What waits for the disk has its last chance.
            appendQueue();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } catch (Throwable fault) {
            closing = true;
            sync.loseHolds();
            loseQueue();
            LOG.error("The journal of the ledger has ended", fault);
        }
    }

    private void loseQueue() {
        appending.lock();
        try {
            for (var each = queue.poll(); each != null; each = queue.poll()) {
                appender.lose(each);
                JournalSync.complete(each.written(), false);
            }
        } finally {
            appending.unlock();
        }
    }

    private void appendQueue() {
        var group = new ArrayList<JournalAppender.Item>();
        boolean done = false;
        appending.lock();
        try {
            queue.drainTo(group, GROUP);
            if (group.isEmpty()) {
                appender.appendWaiting();
            } else {
                done = appender.append(group);
            }
            endRefused();
        } finally {
            appending.unlock();
            for (var each : group) {
                JournalSync.complete(each.written(), done);
            }
        }
    }

    /** Only after all that waits is appended: an intent may wait longer than its request lasts. */
    @GuardedBy("appending")
    private void endRefused() {
        int count = refused.size();
        if (queue.isEmpty()) {
            for (int i = 0; i < count; i++) {
                appender.end(refused.remove());
            }
        }
    }

    /** Appends what has been added, ends the threads, and waits for that for at most 10 s. */
    void stop() {
        closing = true;
        wakeUp.release();
        Pools.awaitEnd(thread, TimeUnit.SECONDS.toMillis(5));
        sync.stop();
    }
}
