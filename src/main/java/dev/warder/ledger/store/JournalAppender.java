package dev.warder.ledger.store;

import dev.warder.ledger.store.Journal.HeldInstead;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends to the newest file of a journal, and begins another one when it is large enough. An intent that stays open for long
 * is written again into a newer file, so that it keeps only that one. Ends of requests that the disk does not take wait in
 * memory until it does. One thread at a time; {@link #lost} on any.
 */
final class JournalAppender {
    private static final Logger LOG = LoggerFactory.getLogger(JournalAppender.class);

    private static final long RETRY_NANOS = 1_000_000_000;

    /** The most ends that wait. */
    private static final int MOST_WAITING = 10_000;

    /** How many of them are appended at once: an attempt must cost little while a disk is full. */
    private static final int GROUP = 64;

    private final JournalFiles files;
    private final long limit;
    private final JournalSync sync;
    private final OpenIntents open = new OpenIntents();
    private final AtomicLong lost = new AtomicLong();

    /** Ends of requests that the disk has not taken, oldest first; their intents are open. */
    private final Deque<Item> waiting = new ArrayDeque<>();

    /**
     * The bytes of intents that were written again into the newest file. They do not count: many open intents would otherwise
     * fill each file at once.
     */
    private long again;

    private boolean failing;

    /** When the next file may begin after a failure. */
    private long retryAt = System.nanoTime();

    /** Intents of this run that have not ended, each with the file of the journal that has it. One thread at a time. */
    private static final class OpenIntents {
        private final Map<UUID, Open> open = new LinkedHashMap<>();

        private record Open(Intent intent, JournalFile file) {}

        /** An intent is in this file, instead of the one in which it was. */
        void begin(Intent intent, JournalFile file) {
            end(intent.id());
            file.intentBegins();
            open.put(intent.id(), new Open(intent, file));
        }

        void hold(HeldInstead held) {
            open.computeIfPresent(
                    held.intent(), (id, each) -> new Open(each.intent().holding(held.nanos()), each.file()));
        }

        void end(UUID intent) {
            var ended = open.remove(intent);
            if (ended != null) {
                ended.file().intentEnds();
            }
        }

        List<Intent> except(JournalFile one, JournalFile other) {
            return open.values().stream()
                    .filter(each -> each.file() != one && each.file() != other
                            || each.file().hasFailed())
                    .map(Open::intent)
                    .toList();
        }
    }

    /** @param limit the bytes after which a new file begins */
    JournalAppender(JournalFiles files, long limit, JournalSync sync) {
        this.files = files;
        this.limit = limit;
        this.sync = sync;
    }

    boolean append(List<Item> group) {
        boolean done = false;
        boolean refused = false;
        try {
            done = appendWaiting() && appended(group);
            refused = !done;
            return done;
        } finally {
            // After an Error too.
            count(group, done, refused);
        }
    }

    boolean appendWaiting() {
        while (!waiting.isEmpty()) {
            var group = waiting.stream().limit(GROUP).toList();
            if (!appended(group)) {
                return false;
            }
            group.forEach(each -> waiting.remove().ended().ifPresent(open::end));
        }
        return true;
    }

    private void count(List<Item> group, boolean done, boolean refused) {
        for (var each : group) {
            if (refused && each.ends() && waiting.size() < MOST_WAITING) {
                waiting.add(each);
                if (each.entry().isOfBudgets()) {
                    sync.loseHolds();
                }
                continue;
            }
            if (!done) {
                lose(each);
            } else if (each.entry() instanceof Intent intent) {
                open.begin(intent, files.newest());
            } else if (each.entry() instanceof HeldInstead held) {
                open.hold(held);
            }
            // If it was not written, its rows are lost; the intent must not stay open for it.
            each.ended().ifPresent(open::end);
        }
    }

    void lose(Item item) {
        files.count(-item.frame().length);
        if (item.entry() instanceof Intent.Settled settled) {
            lost.addAndGet(settled.rows().size());
        }
        if (item.entry().isOfBudgets()) {
            sync.loseHolds();
        }
    }

    private boolean appended(List<Item> group) {
        if (files.newest().isComplete() && failing && System.nanoTime() - retryAt < 0) {
            return false;
        }
        try {
            if (isFileDue() && isNewFile()) {
                writeAgain();
                again = files.newest().size();
            }
            files.newest().append(joined(group.stream().map(Item::frame).toList()));
            // What requests hold is of no use after a failure of the machine.
            if (group.stream().anyMatch(each -> !(each.entry() instanceof HeldInstead))) {
                sync.appended();
            }
            worked();
            return true;
        } catch (IOException failed) {
            failed(failed);
            return false;
        } catch (RuntimeException | Error fault) {
            failed(fault);
            throw fault;
        }
    }

    /** A disk that fails gets a new file once a second at most. */
    private boolean isFileDue() {
        var newest = files.newest();
        boolean wanted = newest.size() - again >= limit || newest.hasFailed();
        return newest.isComplete() || wanted && (System.nanoTime() - retryAt >= 0 || !newest.exists());
    }

    /** Begins another file. Where none can be made, the one before goes on if that is possible. */
    private boolean isNewFile() throws IOException {
        boolean left = files.newest().hasFailed();
        try {
            files.add();
        } catch (IOException failed) {
            retryAt = System.nanoTime() + RETRY_NANOS;
            if (files.newest().isComplete() || !files.newest().exists()) {
                throw failed;
            }
            return false;
        }
        if (left) {
            retryAt = System.nanoTime() + RETRY_NANOS;
        }
        return true;
    }

    private void worked() {
        if (failing) {
            LOG.info("The journal of the ledger is written again");
            failing = false;
        }
    }

    /**
     * Nothing may follow half a record. Where it cannot be removed, the file ends; a disk that fails gets a new file once a
     * second at most.
     */
    private void failed(Throwable cause) {
        boolean first = !failing;
        failing = true;
        if (!files.newest().restore()) {
            files.newest().complete();
            retryAt = System.nanoTime() + RETRY_NANOS;
            // Closes the file.
            sync.appended();
        }
        if (first) {
            LOG.warn(
                    "The journal of the ledger cannot be written: {}",
                    cause.getClass().getSimpleName());
        }
    }

    /** Writes intents that have been open for longer than one file again, into the newest one. */
    private void writeAgain() throws IOException {
        var newest = files.newest();
        var old = open.except(newest, files.newestButOne());
        var frames = joined(old.stream()
                .map(each -> JournalFrames.frame(RecordCodec.encode(each)))
                .toList());
        newest.append(frames);
        files.count(frames.length);
        old.forEach(each -> open.begin(each, newest));
    }

    private static byte[] joined(List<byte[]> frames) {
        if (frames.size() == 1) {
            return frames.get(0);
        }
        var all = ByteBuffer.allocate(
                frames.stream().mapToInt(frame -> frame.length).sum());
        frames.forEach(all::put);
        return all.array();
    }

    void end(UUID intent) {
        open.end(intent);
    }

    long lost() {
        return lost.get();
    }

    /**
     * An entry to be appended to a journal.
     *
     * @param frame its bytes in the file
     * @param written completes with whether it was appended
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Item(Journal.Entry entry, byte[] frame, CompletableFuture<Boolean> written) {
        Item(Journal.Entry entry) {
            this(entry, JournalFrames.frame(RecordCodec.encode(entry)), new CompletableFuture<>());
        }

        boolean ends() {
            return entry instanceof Intent.Settled;
        }

        /** The intent that it ends. */
        Optional<UUID> ended() {
            return entry instanceof Intent.Settled settled ? settled.intent() : Optional.empty();
        }
    }
}
