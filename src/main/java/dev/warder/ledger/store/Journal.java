package dev.warder.ledger.store;

import dev.warder.database.FolderLock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Intents and rows in files below {@code data.dir}, until they are in the database. A {@link JournalWriter} appends them: a
 * killed process loses nothing that was appended. A {@link JournalSync} forces them to the disk a tenth of a second later: a
 * machine that fails loses that time. After a disk has refused to take a file, another one begins; what the first one has may
 * be lost if the machine fails before it is stored, and is counted. The thread that stores reads the {@link JournalFiles} in order. A
 * file is deleted after all earlier ones, when all of it was stored some seconds ago, none of its intents is open, and the
 * database has forced to the disk what it has.
 *
 * <p>Files of earlier runs are read first. What they hold is stored as far as it is not there; their open intents then become
 * rows that ended as unknown, and what those held of budgets stays reserved, while the rest of what the killed runs had
 * reserved is given back if the {@link HoldsMark} states that all of it is here. When this run is killed meanwhile, the
 * next one does it all again, with the same rows. A file that cannot be read, or not to its end, is renamed when it would
 * otherwise be deleted, and the others are stored without the rest of it.
 *
 * <p>Above a limit of bytes no intent is appended, and soon nothing at all, so that rows are lost and requests go on.
 * Thread-safe, except for the methods of {@link Backlog} that one thread at a time calls.
 */
public final class Journal implements Backlog, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

    /** How often in a row the reading of an earlier file may fail before the others are read without it. */
    private static final int ATTEMPTS = 3;

    private static final JournalFrames.Part NOTHING = new JournalFrames.Part(List.of(), 0, JournalFrames.Rest.NONE);

    private final FolderLock lock;
    private final JournalFiles files;
    private final HoldsMark mark;
    private final JournalSync sync;
    private final JournalWriter writer;
    private final LedgerEnvironment around;
    private final AtomicLong lost = new AtomicLong();
    private final AtomicLong unreadable = new AtomicLong();
    /** Used by the thread that stores, as is the next one. */
    private final EarlierRuns earlier = new EarlierRuns();

    private Optional<Reading> reading = Optional.empty();

    /** A batch that is being stored; {@code end} is its end in the file. */
    private record Reading(JournalFile file, long end, Batch batch, boolean leaves) {}

    /**
     * How large it may become.
     *
     * @param file the bytes after which a new file begins
     * @param all the bytes of all files above which no intent is appended; for the ends of intents an eighth more, so that
     *     requests that were sent can end
     * @param kept how long a file stays after all of it was stored: a database may keep a commit in memory for some time, and
     *     H2 reports a checkpoint as done while an earlier one is still written
     */
    public record Limits(long file, long all, Duration kept) {
        /** Files of 4 MiB, 256 MiB in all; a file is kept for 10 s after all of it was stored. */
        public static final Limits USUAL = new Limits(4L << 20, 256L << 20, Duration.ofSeconds(10));
    }

    /**
     * The remains of earlier runs in a journal, as far as it has been read: open intents, and what these hold. One thread
     * at a time.
     */
    private static final class EarlierRuns {
        private final Map<UUID, Intent> open = new LinkedHashMap<>();
        private final Set<UUID> runs = new HashSet<>();

        void read(Entry entry) {
            if (entry instanceof Intent intent) {
                open.put(intent.id(), intent);
                intent.held().map(HeldAmount::charged).map(Charged::run).ifPresent(runs::add);
            } else if (entry instanceof HeldInstead held) {
                open.computeIfPresent(held.intent(), (id, intent) -> intent.holding(held.nanos()));
            } else if (entry instanceof Intent.Settled settled) {
                settled.intent().ifPresent(open::remove);
                settled.charged().map(Charged::run).ifPresent(runs::add);
            }
        }

        boolean isEmpty() {
            return open.isEmpty() && runs.isEmpty();
        }

        List<Intent.Settled> unknown(Instant now) {
            return open.values().stream()
                    .map(intent -> intent.unknown(now).withoutIntent())
                    .toList();
        }

        Map<UUID, Map<PeriodKey, Long>> killed() {
            Map<UUID, Map<PeriodKey, Long>> sums = new HashMap<>();
            runs.forEach(run -> sums.put(run, new HashMap<>()));
            open.values().stream().flatMap(intent -> intent.held().stream()).forEach(held -> {
                var sum = sums.computeIfAbsent(held.charged().run(), run -> new HashMap<>());
                held.charged().periods().forEach(period -> sum.merge(period, held.nanos(), Math::addExact));
            });
            return sums;
        }

        void clear() {
            open.clear();
            runs.clear();
        }
    }

    private Journal(FolderLock lock, Path folder, LedgerEnvironment around) throws IOException {
        this.lock = lock;
        this.around = around;
        files = JournalFiles.in(folder, around.disk());
        mark = HoldsMark.in(folder, around.machine(), files.oldestNumber());
        sync = new JournalSync(files, mark, around.threads());
        writer = new JournalWriter(files, around.limits(), sync, around.threads());
    }

    /**
     * Opens the journal in this folder and starts its threads.
     *
     * @return empty when another process uses the folder
     * @throws IOException when the folder cannot be used
     */
    public static Optional<Journal> open(Path folder, LedgerEnvironment around) throws IOException {
        var lock = FolderLock.of(folder);
        if (lock.isEmpty()) {
            return Optional.empty();
        }
        try {
            var journal = new Journal(lock.get(), folder, around);
            journal.writer.start();
            return Optional.of(journal);
        } catch (IOException | RuntimeException unusable) {
            lock.get().close();
            throw unusable;
        }
    }

    /**
     * Makes an intent durable. Does not wait for the disk if that is busy.
     *
     * @return false if that is not possible; never completes with an exception
     */
    public CompletableFuture<Boolean> note(Intent intent) {
        return writer.note(intent);
    }

    /** Notes what a request holds instead, so that it is known after a kill. Does not wait. */
    public void hold(HeldInstead held) {
        writer.hold(held);
    }

    @Override
    public boolean add(Intent.Settled settled) {
        return writer.add(settled);
    }

    @Override
    public Batch next() throws IOException {
        if (reading.isEmpty()) {
            reading = Optional.of(read());
        }
        return reading.get().batch();
    }

    @Override
    public void stored() {
        if (reading.isPresent()) {
            var done = reading.get();
            done.file().offset = done.end();
            if (done.leaves()) {
                earlier.clear();
            }
            reading = Optional.empty();
        }
    }

    @Override
    public void refused() {
        mark.lose();
        mark.loseEarlier();
    }

    @Override
    public boolean keepsStored() {
        return !storedFiles().isEmpty();
    }

    /** Deletes files that are not needed any more, or renames them. */
    @Override
    public void durable() throws IOException {
        var stored = storedFiles();
        if (stored.stream().anyMatch(JournalFile::earlier)) {
            // A kill between the deletion of two files leaves only a part of an earlier run.
            mark.loseEarlier();
            if (mark.look()) {
                return;
            }
        }
        for (var each : stored) {
            if (each.unreadable) {
                setAside(each);
            } else {
                files.delete(each);
            }
        }
    }

    @Override
    public long lostLater() {
        return writer.lost() + lost.get();
    }

    public long unreadable() {
        return unreadable.get();
    }

    public long unforced() {
        return sync.failures();
    }

    public boolean isUncertain() {
        return sync.isUncertain();
    }

    /** The bytes of all files, and of what waits to be appended. */
    public long bytes() {
        return files.bytes();
    }

    /**
     * Appends what has been added, ends the threads, and waits for that for at most 10 s. What is not stored stays for the next
     * start.
     */
    public void stopWriting() {
        writer.stop();
    }

    @Override
    public void close() {
        files.newest().close();
        lock.close();
    }

    private Reading read() throws IOException {
        mark.look();
        var all = files.oldestFirst();
        if (!all.get(0).earlier()) {
            mark.begin(files.oldestNumber());
        }
        for (var each : all) {
            long offset = each.offset;
            if (!each.earlier() && !earlier.isEmpty()) {
                return new Reading(each, offset, last(), true);
            }
            // Asked before the reading: what is appended in between would be missed.
            boolean complete = each.isComplete();
            long size = each.size();
            var part = part(each);
            if (!part.records().isEmpty()) {
                // Not asked again: under load there is always something more, and each batch costs a transaction.
                boolean last = !complete && part.end() >= size;
                return new Reading(each, part.end(), new Batch(settled(part, each.earlier()), last), false);
            }
            if (!complete) {
                break;
            }
            finish(each, part.rest());
        }
        var last = files.newest();
        return new Reading(last, last.offset, new Batch(List.of(), true), false);
    }

    private JournalFrames.Part part(JournalFile each) throws IOException {
        if (each.finished()) {
            return NOTHING;
        }
        try {
            var part = each.read();
            each.failedReads = 0;
            return part;
        } catch (IOException failed) {
            // A file of this run waits for the disk: what is added meanwhile would not be read either.
            if (!each.earlier() || ++each.failedReads < ATTEMPTS) {
                throw failed;
            }
            unreadable(each, failed.getClass().getSimpleName());
            return NOTHING;
        }
    }

    private void unreadable(JournalFile each, String reason) {
        unreadable.incrementAndGet();
        lose(each.earlier());
        each.unreadable = true;
        LOG.warn(
                "The journal's file {} cannot be read to its end ({}); it will be renamed to {}",
                each.name(),
                reason,
                each.name() + JournalFiles.UNREADABLE);
    }

    private void lose(boolean ofEarlier) {
        if (ofEarlier) {
            mark.loseEarlier();
        } else {
            mark.lose();
        }
    }

    private void finish(JournalFile file, JournalFrames.Rest rest) {
        if (rest == JournalFrames.Rest.DAMAGED) {
            unreadable(file, "a damaged record");
        } else if (rest == JournalFrames.Rest.INCOMPLETE) {
            if (!file.earlier()) {
                mark.lose();
            }
            LOG.warn("The journal of the ledger ends with a record that was not written completely");
        }
        file.finish(around.nanoTime().getAsLong());
    }

    private Batch last() {
        return new Batch(
                earlier.unknown(around.clock().instant()), false, mark.hasEarlier() ? earlier.killed() : Map.of());
    }

    private List<Intent.Settled> settled(JournalFrames.Part part, boolean ofEarlier) {
        var settled = new ArrayList<Intent.Settled>();
        for (var each : part.records()) {
            // The intents of this run are known.
            if (ofEarlier || !RecordCodec.isOfIntent(each)) {
                decode(each, ofEarlier, settled);
            }
        }
        return settled;
    }

    private void decode(byte[] record, boolean ofEarlier, List<Intent.Settled> all) {
        try {
            var entry = RecordCodec.decode(record);
            if (ofEarlier) {
                earlier.read(entry);
            }
            if (entry instanceof Intent.Settled settled) {
                // No unknown row was made of an intent of this run.
                all.add(ofEarlier ? settled : settled.withoutIntent());
            }
        } catch (IOException newer) {
            lost.incrementAndGet();
            lose(ofEarlier);
            LOG.warn("The journal of the ledger has a record that this version cannot read");
        }
    }

    private void setAside(JournalFile each) {
        try {
            files.setAside(each);
            LOG.info("The journal's file {} was renamed", each.name());
        } catch (IOException stays) {
            LOG.warn("The journal's file {} could not be renamed", each.name());
        }
    }

    /** Never the newest one: the next record goes there, or the next file follows it. */
    private List<JournalFile> storedFiles() {
        long now = around.nanoTime().getAsLong();
        var newest = files.newest();
        return files.oldestFirst().stream()
                .takeWhile(each -> each != newest
                        && each.finishedFor(around.limits().kept().toNanos(), now)
                        && !each.hasOpenIntents()
                        && (!each.earlier() || earlier.isEmpty()))
                .toList();
    }

    /** A record of the journal. Immutable. */
    public sealed interface Entry permits HeldInstead, Intent, Intent.Settled {
        /** True for holds of a request, and for rows that are charged to budgets. */
        boolean isOfBudgets();
    }

    /**
     * A request whose intent is noted holds another amount from now on. Immutable.
     *
     * @param intent the id of its intent
     * @param nanos the nano-dollars of each of its budgets
     */
    public record HeldInstead(UUID intent, long nanos) implements Entry {
        @Override
        public boolean isOfBudgets() {
            return true;
        }
    }
}
