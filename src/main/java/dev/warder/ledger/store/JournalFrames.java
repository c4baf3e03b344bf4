package dev.warder.ledger.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Records in a file, each with its length and a checksum, so that a record that a kill or a full disk left incomplete is not
 * read. Stateless.
 */
final class JournalFrames {
    static final int LARGEST = 1 << 20;

    private static final int HEAD = 8;

    /** The bytes of one read, with a whole record. */
    private static final int READ = HEAD + LARGEST;

    /** Longer than any file of a journal. */
    private static final long LONGEST = 64L << 20;

    private JournalFrames() {}

    /**
     * Records, and where they end.
     *
     * @param end the offset after the last record
     * @param rest what is after {@code end}; known only where there are no records
     */
    record Part(List<byte[]> records, long end, Rest rest) {}

    /** The rest after the last record that can be read. */
    enum Rest {
        NONE,
        /** The remains of the last records after a kill, a full disk or a failure of the machine. */
        INCOMPLETE,
        /** Something that cannot be read, and whole records after it. */
        DAMAGED
    }

    /** The frame of a record of at most {@link #LARGEST} bytes. */
    static byte[] frame(byte[] record) {
        if (record.length == 0 || record.length > LARGEST) {
            throw new IllegalArgumentException("a record of " + record.length + " bytes");
        }
        return ByteBuffer.allocate(HEAD + record.length)
                .putInt(record.length)
                .putInt(checksum(record, 0, record.length))
                .put(record)
                .array();
    }

    static Part read(FileChannel file, long from, long end) throws IOException {
        int size = (int) Math.min(end - from, READ);
        var bytes = ByteBuffer.allocate(size);
        fill(file, bytes, from);
        var part = parse(bytes.flip(), from, from + size == end);
        boolean damaged = part.records().isEmpty() && part.rest() == Rest.INCOMPLETE && hasRecordAfter(file, from, end);
        return damaged ? new Part(List.of(), from, Rest.DAMAGED) : part;
    }

    private static Part parse(ByteBuffer bytes, long from, boolean isRest) {
        var records = new ArrayList<byte[]>();
        while (bytes.remaining() >= HEAD) {
            int at = bytes.position();
            int length = bytes.getInt(at);
            if (length > 0 && length <= LARGEST && bytes.remaining() < HEAD + length) {
                return new Part(records, from + at, isRest ? Rest.INCOMPLETE : Rest.NONE);
            }
            if (!isRecord(bytes.array(), at, bytes.limit(), length)) {
                return new Part(records, from + at, Rest.INCOMPLETE);
            }
            int end = at + HEAD + length;
            records.add(Arrays.copyOfRange(bytes.array(), at + HEAD, end));
            bytes.position(end);
        }
        return new Part(records, from + bytes.position(), isRest && bytes.hasRemaining() ? Rest.INCOMPLETE : Rest.NONE);
    }

    private static boolean hasRecordAfter(FileChannel file, long from, long end) throws IOException {
        if (end - from > LONGEST) {
            return true;
        }
        var bytes = ByteBuffer.allocate((int) (end - from));
        fill(file, bytes, from);
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
        return checksum(bytes, at + HEAD, length) == ByteBuffer.wrap(bytes).getInt(at + Integer.BYTES);
    }

    private static void fill(FileChannel file, ByteBuffer bytes, long from) throws IOException {
        while (bytes.hasRemaining()) {
            int count = file.read(bytes, from + bytes.position());
            if (count < 0) {
                return;
            }
        }
    }

    private static int checksum(byte[] bytes, int from, int length) {
        var sum = new CRC32C();
        sum.update(bytes, from, length);
        return (int) sum.getValue();
    }
}
