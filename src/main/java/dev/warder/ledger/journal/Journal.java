package dev.warder.ledger.journal;

import dev.warder.database.FolderLock;
import dev.warder.ledger.store.Backlog;
import dev.warder.ledger.store.HeldInstead;
import dev.warder.ledger.store.Intent;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Intents and rows in files below {@code data.dir}, until they are in the database. A {@link JournalWriter} appends them: a
 * killed process loses nothing that was appended. A {@link JournalSync} forces them to the disk a tenth of a second later: a
 * machine that fails loses that time. After a disk has refused to take a file, another one begins; what the first one has may
 * be lost if the machine fails before it is stored, and is counted. The thread that stores reads the {@link JournalFiles} in order, by a
 * {@link JournalReader}. A file is deleted after all earlier ones, when all of it was stored some seconds ago, none of its
 * intents is open, and the database has forced to the disk what it has.
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
public record Journal(FolderLock lock, JournalFiles files, HoldsMark mark, JournalWriter writer, JournalReader reader)
        implements Backlog, AutoCloseable {
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
            var limits = around.limits();
            var files = JournalFiles.in(folder, around.disk());
            var mark = HoldsMark.in(folder, around.machine(), files.oldestNumber());
            var sync = new JournalSync(files, mark, around.threads());
            var writer = new JournalWriter(files, limits, sync, around.threads());
            var reader = new JournalReader(files, limits, mark, around.clock(), around.nanoTime());
            writer.start();
            return Optional.of(new Journal(lock.get(), files, mark, writer, reader));
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
        return reader.next();
    }

    @Override
    public void stored() {
        reader.stored();
    }

    @Override
    public void refused() {
        mark.lose();
        mark.loseEarlier();
    }

    @Override
    public boolean keepsStored() {
        return reader.keepsStored();
    }

    @Override
    public void durable() throws IOException {
        reader.deleteStored();
    }

    @Override
    public long lostLater() {
        return writer.lost() + reader.lost();
    }

    public long unreadable() {
        return reader.unreadable();
    }

    public long unforced() {
        return writer.unforced();
    }

    public boolean isUncertain() {
        return writer.isUncertain();
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
}
