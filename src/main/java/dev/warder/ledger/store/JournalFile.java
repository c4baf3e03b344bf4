package dev.warder.ledger.store;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One file of the journal, with {@link JournalFrames} one after the other, and what is known of it. One thread at a time
 * appends, counts its open intents and completes it; another one forces it; the one that stores reads it and follows its
 * reading. Each may ask what the others know.
 *
 * <p>Records are appended by a stream and not by a channel, which an interrupt of the calling thread would close.
 */
final class JournalFile {
    private final Path path;
    private final @Nullable FileOutputStream out;
    private final Disk disk;

    /** The bytes that are whole records. */
    private volatile long written;

    private volatile long forced;

    private volatile boolean failed;

    private final AtomicInteger openIntents = new AtomicInteger();
    private volatile boolean complete;

    /** The end of the records that are stored. Only the thread that stores uses this field and the next ones. */
    long offset;

    /** How often in a row reading it has failed. */
    int failedReads;

    /** Whether the rest of it cannot be read: it is kept under another name. */
    boolean unreadable;

    private long finishedAt;
    private boolean finished;

    private JournalFile(Path path, @Nullable FileOutputStream out, Disk disk, long written) {
        this.path = path;
        this.out = out;
        this.disk = disk;
        this.written = written;
        this.forced = written;
        this.complete = out == null;
    }

    static JournalFile create(Path path, Disk disk) throws IOException {
        if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            var owner = PosixFilePermissions.fromString("rw-------");
            Files.createFile(path, PosixFilePermissions.asFileAttribute(owner));
        } else {
            Files.createFile(path);
        }
        try {
            return new JournalFile(path, new FileOutputStream(path.toFile(), true), disk, 0);
        } catch (IOException unopened) {
            Files.deleteIfExists(path);
            throw unopened;
        }
    }

    static JournalFile earlier(Path path) throws IOException {
        return new JournalFile(path, null, Disk.REAL, Files.size(path));
    }

    /**
     * Appends a frame, or several of them one after the other. They are read after a kill of the process, but only after
     * {@link #force} also after a failure of the machine.
     *
     * @throws IOException when not all of it was possible; then nothing may be appended before {@link #restore}
     */
    void append(byte[] frames) throws IOException {
        var open = out;
        if (open == null) {
            throw new IllegalStateException("a file of an earlier run");
        }
        disk.write(open, frames);
        // One thread at a time appends.
        long end = written + frames.length;
        written = end;
    }

    /** Removes what an append has left incomplete; false if that fails, and nothing may be appended any more. */
    boolean restore() {
        var open = out;
        if (open == null) {
            return false;
        }
        try {
            return open.getChannel().truncate(written).size() == written;
        } catch (IOException failed) {
            return false;
        }
    }

    /**
     * Returns after the disk has all that was appended before the call. One thread at a time. Does nothing after a failure:
     * the operating system may then have dropped what it could not write, and report success for the rest.
     *
     * @throws IOException when the disk fails, or the file was closed meanwhile
     */
    void force() throws IOException {
        long end = written;
        var open = out;
        if (open == null || failed || forced >= end) {
            return;
        }
        try {
            disk.force(open);
            forced = end;
        } catch (ClosedChannelException closed) {
            throw closed;
        } catch (IOException refused) {
            failed = true;
            throw refused;
        }
    }

    boolean earlier() {
        return out == null;
    }

    void complete() {
        complete = true;
    }

    boolean isComplete() {
        return complete;
    }

    void intentBegins() {
        openIntents.incrementAndGet();
    }

    void intentEnds() {
        openIntents.decrementAndGet();
    }

    boolean hasOpenIntents() {
        return openIntents.get() > 0;
    }

    boolean isForced() {
        return !failed && forced == written;
    }

    /** Whether it has its name: what is appended to a deleted file is lost. */
    boolean exists() {
        return Files.exists(path);
    }

    /** Whether the disk has failed to take something: nothing more should be appended. */
    boolean hasFailed() {
        return failed;
    }

    long size() {
        return written;
    }

    /** Reads on from {@link #offset}. */
    JournalFrames.Part read() throws IOException {
        long end = written;
        if (offset >= end) {
            return new JournalFrames.Part(List.of(), offset, JournalFrames.Rest.NONE);
        }
        try (var reading = FileChannel.open(path, StandardOpenOption.READ)) {
            return JournalFrames.read(reading, offset, end);
        }
    }

    /** Whether no record follows: the file is complete and read, or what follows cannot be read. */
    boolean finished() {
        return finished;
    }

    void finish(long nanoTime) {
        if (!finished) {
            finished = true;
            finishedAt = nanoTime;
        }
    }

    /** Both are in nanoseconds; a file that is not finished yet has no age. */
    boolean finishedFor(long nanos, long now) {
        return finished && now - finishedAt >= nanos;
    }

    String name() {
        return path.getFileName().toString();
    }

    /**
     * Ends the writing, and adds a suffix to its name on the disk.
     *
     * @throws IOException when there is a file of that name, or the folder cannot be written
     */
    void rename(String suffix) throws IOException {
        close();
        Files.move(path, path.resolveSibling(name() + suffix));
    }

    void close() {
        var open = out;
        if (open != null) {
            try {
                open.close();
            } catch (IOException closedNevertheless) {
                // A stream whose closing fails is closed nevertheless.
            }
        }
    }

    void delete() throws IOException {
        close();
        Files.deleteIfExists(path);
    }

    /** How bytes come to the disk. Thread-safe. */
    public interface Disk {
        Disk REAL = new Disk() {
            @Override
            public void write(FileOutputStream file, byte[] bytes) throws IOException {
                file.write(bytes);
            }

            @Override
            public void force(FileOutputStream file) throws IOException {
                file.getChannel().force(false);
            }
        };

        void write(FileOutputStream file, byte[] bytes) throws IOException;

        void force(FileOutputStream file) throws IOException;
    }
}
