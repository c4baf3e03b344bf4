package dev.warder.ledger.journal;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One file of the journal: records, each with its length and a checksum, so that a record that a kill or a full disk left
 * incomplete is not read. One thread at a time appends; {@link #force} and {@link #read} may be called by others meanwhile.
 *
 * <p>Records are appended by a stream and not by a channel, which an interrupt of the calling thread would close.
 */
final class JournalFile {
    /** The largest record. */
    static final int LARGEST = 1 << 20;

    private static final int HEAD = 8;
    private static final int READ = 1 << 20;

    private final Path path;
    private final @Nullable FileOutputStream out;
    private final Disk disk;

    /** The bytes that are whole records. */
    private volatile long written;

    /** How many of them the disk has. */
    private volatile long forced;

    /** Whether the disk has failed to take something. */
    private volatile boolean failed;

    private JournalFile(Path path, @Nullable FileOutputStream out, Disk disk, long written) {
        this.path = path;
        this.out = out;
        this.disk = disk;
        this.written = written;
        this.forced = written;
    }

    /**
     * Records, and where they end.
     *
     * @param end the offset after the last record
     * @param rest what is after {@code end}, as far as it is not another part
     */
    record Part(List<byte[]> records, long end, Rest rest) {}

    /** What is after the last record that can be read. */
    enum Rest {
        /** Nothing, or another part. */
        NONE,
        /** A record that a kill, a full disk or a failure of the machine left incomplete. */
        INCOMPLETE,
        /** Something else: records may be lost. */
        DAMAGED
    }

    /** A new file, which its owner alone can read. */
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

    /** A file of an earlier run, which is only read. */
    static JournalFile earlier(Path path) throws IOException {
        return new JournalFile(path, null, Disk.REAL, Files.size(path));
    }

    static byte[] frame(byte[] record) {
        if (record.length == 0 || record.length > LARGEST) {
            throw new IllegalArgumentException("a record of " + record.length + " bytes");
        }
        return ByteBuffer.allocate(HEAD + record.length)
                .putInt(record.length)
                .putInt(checksum(record))
                .put(record)
                .array();
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

    /** Whether the disk has all that was appended. */
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

    /** Reads whole records from {@code from} on, about a MiB of them; none after the last one. */
    Part read(long from) throws IOException {
        long end = written;
        var records = new ArrayList<byte[]>();
        if (from >= end) {
            return new Part(records, from, Rest.NONE);
        }
        try (var reading = FileChannel.open(path, StandardOpenOption.READ)) {
            int size = (int) Math.min(end - from, Math.max(READ, frameSize(reading, from)));
            var bytes = ByteBuffer.allocate(size);
            fill(reading, bytes, from);
            return parse(bytes.flip(), from, from + size == end);
        }
    }

    private static long frameSize(FileChannel reading, long from) throws IOException {
        var head = ByteBuffer.allocate(HEAD);
        fill(reading, head, from);
        return head.position() < HEAD ? HEAD : HEAD + (long) Math.max(0, Math.min(LARGEST, head.getInt(0)));
    }

    private static Part parse(ByteBuffer bytes, long from, boolean isRest) {
        var records = new ArrayList<byte[]>();
        while (bytes.remaining() >= HEAD) {
            int length = bytes.getInt(bytes.position());
            boolean possible = length > 0 && length <= LARGEST;
            if (possible && bytes.remaining() < HEAD + length) {
                return new Part(records, from + bytes.position(), isRest ? Rest.INCOMPLETE : Rest.NONE);
            }
            if (!possible) {
                // A file system may have made a file longer and not written it when the machine failed.
                return new Part(
                        records, from + bytes.position(), areZero(bytes.slice()) ? Rest.INCOMPLETE : Rest.DAMAGED);
            }
            var record = new byte[length];
            bytes.get(bytes.position() + HEAD, record);
            if (checksum(record) != bytes.getInt(bytes.position() + Integer.BYTES)) {
                return new Part(records, from + bytes.position(), Rest.DAMAGED);
            }
            records.add(record);
            bytes.position(bytes.position() + HEAD + length);
        }
        return new Part(records, from + bytes.position(), isRest && bytes.hasRemaining() ? Rest.INCOMPLETE : Rest.NONE);
    }

    private static boolean areZero(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            if (bytes.get() != 0) {
                return false;
            }
        }
        return true;
    }

    private static void fill(FileChannel reading, ByteBuffer bytes, long from) throws IOException {
        while (bytes.hasRemaining()) {
            int count = reading.read(bytes, from + bytes.position());
            if (count < 0) {
                return;
            }
        }
    }

    private static int checksum(byte[] record) {
        var sum = new CRC32C();
        sum.update(record);
        return (int) sum.getValue();
    }

    /** Its name in the folder. */
    String name() {
        return path.getFileName().toString();
    }

    /**
     * Adds a suffix to its name on the disk.
     *
     * @return its name before
     * @throws IOException when there is a file of that name, or the folder cannot be written
     */
    String rename(String suffix) throws IOException {
        Files.move(path, path.resolveSibling(name() + suffix));
        return name();
    }

    /** Ends the writing. */
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
}
