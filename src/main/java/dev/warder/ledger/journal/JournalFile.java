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

    /** Longer than any file of a journal. */
    private static final long LONGEST = 64L << 20;

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
     * @param rest what is after {@code end}; known only where there are no records
     */
    record Part(List<byte[]> records, long end, Rest rest) {}

    /** What is after the last record that can be read. */
    enum Rest {
        /** Nothing, or another part. */
        NONE,
        /** What a kill, a full disk or a failure of the machine has left of the last records. */
        INCOMPLETE,
        /** Something that cannot be read, and whole records after it. */
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
            var part = parse(bytes.flip(), from, from + size == end);
            boolean damaged =
                    part.records().isEmpty() && part.rest() == Rest.INCOMPLETE && hasRecordAfter(reading, from, end);
            return damaged ? new Part(List.of(), from, Rest.DAMAGED) : part;
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
                return new Part(records, from + bytes.position(), Rest.INCOMPLETE);
            }
            var record = new byte[length];
            bytes.get(bytes.position() + HEAD, record);
            if (checksum(record) != bytes.getInt(bytes.position() + Integer.BYTES)) {
                return new Part(records, from + bytes.position(), Rest.INCOMPLETE);
            }
            records.add(record);
            bytes.position(bytes.position() + HEAD + length);
        }
        return new Part(records, from + bytes.position(), isRest && bytes.hasRemaining() ? Rest.INCOMPLETE : Rest.NONE);
    }

    /** A failure leaves nothing whole after what it has left incomplete. */
    private static boolean hasRecordAfter(FileChannel reading, long from, long end) throws IOException {
        if (end - from > LONGEST) {
            return true;
        }
        var bytes = ByteBuffer.allocate((int) (end - from));
        fill(reading, bytes, from);
        for (int at = 1; at <= bytes.position() - HEAD; at++) {
            if (isRecord(bytes.array(), at, bytes.position(), bytes.getInt(at))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isRecord(byte[] bytes, int at, int end, int length) {
        if (length <= 0 || length > LARGEST || length > end - at - HEAD) {
            return false;
        }
        var sum = new CRC32C();
        sum.update(bytes, at + HEAD, length);
        return (int) sum.getValue() == ByteBuffer.wrap(bytes).getInt(at + Integer.BYTES);
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
     * Ends the writing, and adds a suffix to its name on the disk.
     *
     * @throws IOException when there is a file of that name, or the folder cannot be written
     */
    void rename(String suffix) throws IOException {
        close();
        Files.move(path, path.resolveSibling(name() + suffix));
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
