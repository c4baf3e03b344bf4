package dev.warder.ledger;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends intents and rows to the newest file of a journal: its thread takes what others have put into a queue, and forces the
 * disk once for all intents that have come meanwhile. An intent that stays open for long is written again into a newer file,
 * so that it keeps only that one. Thread-safe.
 */
final class JournalWriter {
    private static final Logger LOG = LoggerFactory.getLogger(JournalWriter.class);
    private static final int QUEUE = 20_000;
    private static final int GROUP = 1000;

    /** The part of a limit that ends of intents have for themselves. */
    private static final int HEADROOM = 8;

    private static final long POLL_MILLIS = 500;

    private final JournalFiles files;
    private final Journal.Limits limits;
    private final Thread thread;
    private final BlockingQueue<Item> queue = new ArrayBlockingQueue<>(QUEUE);
    private final AtomicLong lost = new AtomicLong();

    /** Intents whose end was not taken; they must not keep files. */
    private final Queue<UUID> refused = new ConcurrentLinkedQueue<>();

    private volatile boolean closing;

    /** Used by the thread. */
    private final OpenIntents open = new OpenIntents();

    /**
     * The bytes of intents that were written again into the newest file. They do not count: many open intents would otherwise
     * fill each file at once. Used by the thread.
     */
    private long again;

    /**
     * Something to be appended.
     *
     * @param ended the intent that it ends
     * @param rows how many rows are lost if it is
     * @param durable completes when the disk has it
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Item(
            byte[] frame,
            Optional<Intent> intent,
            Optional<UUID> ended,
            int rows,
            Optional<CompletableFuture<Boolean>> durable) {}

    JournalWriter(JournalFiles files, Journal.Limits limits, ThreadFactory threads) {
        this.files = files;
        this.limits = limits;
        this.thread = threads.newThread(this::run);
    }

    /** Starts the thread. */
    void start() {
        thread.start();
    }

    /** {@link IntentLog#note}. */
    CompletableFuture<Boolean> note(Intent intent) {
        var durable = new CompletableFuture<Boolean>();
        var frame = JournalFile.frame(RecordCodec.encode(intent));
        if (!offer(new Item(frame, Optional.of(intent), Optional.empty(), 0, Optional.of(durable)))) {
            durable.complete(false);
        }
        return durable;
    }

    /** {@link Backlog#add}. */
    boolean add(Intent.Settled settled) {
        var frame = JournalFile.frame(RecordCodec.encode(settled));
        boolean taken = offer(new Item(
                frame, Optional.empty(), settled.intent(), settled.rows().size(), Optional.empty()));
        if (!taken && !closing) {
            settled.intent().ifPresent(refused::add);
        }
        return taken;
    }

    /** Ends of intents have more space than intents. */
    private boolean offer(Item item) {
        boolean begins = item.intent().isPresent();
        long all = begins ? limits.all() : limits.all() + limits.all() / HEADROOM;
        boolean full = files.bytes() >= all || begins && queue.remainingCapacity() <= QUEUE / HEADROOM;
        if (closing || full) {
            return false;
        }
        files.count(item.frame().length);
        boolean taken = queue.offer(item);
        if (!taken) {
            files.count(-item.frame().length);
        }
        return taken;
    }

    /** Rows that were taken and could not be written. */
    long lost() {
        return lost.get();
    }

    private void run() {
        try {
            while (!closing || !queue.isEmpty()) {
                var first = queue.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
                if (first != null) {
                    var group = new ArrayList<Item>(List.of(first));
                    queue.drainTo(group, GROUP);
                    append(group);
                }
                endRefused();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } catch (Throwable fault) {
            LOG.error("The journal of the ledger has ended", fault);
            closing = true;
        }
    }

    /** Only after all that waits is appended: an intent may wait longer than its request lasts. */
    private void endRefused() {
        int count = refused.size();
        if (queue.isEmpty()) {
            for (int i = 0; i < count; i++) {
                open.end(refused.remove());
            }
        }
    }

    private void append(List<Item> group) {
        boolean force = group.stream().anyMatch(each -> each.intent().isPresent());
        boolean done = appended(group.stream().map(Item::frame).toList(), force);
        if (!done) {
            files.count(-group.stream().mapToLong(each -> each.frame().length).sum());
            group.forEach(each -> lost.addAndGet(each.rows()));
        }
        for (var each : group) {
            if (done) {
                each.intent().ifPresent(intent -> open.begin(intent, files.newest()));
            }
            // If it was not written, its rows are lost; the intent must not stay open for it.
            each.ended().ifPresent(open::end);
        }
        group.forEach(each -> each.durable().ifPresent(durable -> complete(durable, done)));
    }

    private static void complete(CompletableFuture<Boolean> durable, boolean done) {
        try {
            durable.complete(done);
        } catch (RuntimeException | Error fault) {
            LOG.error("A request did not go on after its intent was written", fault);
        }
    }

    /** Whether the frames are in the newest file. After a failure that file ends, so that nothing follows half a record. */
    private boolean appended(List<byte[]> frames, boolean force) {
        try {
            if (files.newest().isComplete() || files.newest().file().size() - again >= limits.file()) {
                files.add();
                writeAgain();
                again = files.newest().file().size();
            }
            files.newest().file().append(frames, force);
            return true;
        } catch (IOException failed) {
            LOG.warn(
                    "The journal of the ledger cannot be written: {}",
                    failed.getClass().getSimpleName());
            files.newest().complete();
            return false;
        }
    }

    /** Writes intents that have been open for longer than one file again, into the newest one. */
    private void writeAgain() throws IOException {
        var newest = files.newest();
        var old = open.except(newest, files.newestButOne());
        if (!old.isEmpty()) {
            var frames = old.stream()
                    .map(each -> JournalFile.frame(RecordCodec.encode(each)))
                    .toList();
            newest.file().append(frames, false);
            files.count(frames.stream().mapToLong(frame -> frame.length).sum());
            old.forEach(each -> open.begin(each, newest));
        }
    }

    /** Appends what has been added, ends the thread, and waits for that for at most 5 s. */
    void stop() {
        closing = true;
        try {
            thread.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
