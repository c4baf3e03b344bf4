package dev.warder.body;

import dev.warder.body.GzipContent.ByteSink;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A strict decoder of gzip content (RFC 1952) that arrives in pieces of any length: every member, every checksum, and
 * nothing after the last member. Memory: the inflater's window and 8 KiB. One thread at a time.
 */
public final class GzipDecoder implements AutoCloseable {
    private enum Part {
        HEADER,
        CONTENT,
        SUMS
    }

    private static final int MAX_RATIO = 100;
    private static final int BUFFER = 8 * 1024;
    private static final int SUMS_LENGTH = 8;

    private final GzipHeader header = new GzipHeader();
    private final Inflater inflater = new Inflater(true);
    private final CRC32 sum = new CRC32();
    private final byte[] buffer = new byte[BUFFER];
    private Part part = Part.HEADER;
    private boolean ended;
    /** The checksum and the length after a member's content, as far as they have been read. */
    private long sums;
    /** How many of those bytes have been read. */
    private int read;

    /** The longest content that is accepted for {@code coded} bytes, in bytes: a hundred times as long. */
    public static long longest(long coded) {
        return coded * MAX_RATIO;
    }

    /**
     * Decodes the next {@code count} bytes from {@code offset}.
     *
     * @throws GzipException when they are not gzip content, or when {@code decoded} throws it; nothing may be fed afterwards
     */
    public void feed(byte[] coded, int offset, int count, ByteSink<GzipException> decoded) throws GzipException {
        int end = offset + count;
        int at = offset;
        while (at < end) {
            switch (part) {
                case HEADER -> readHeader(coded[at++] & 0xFF);
                case CONTENT -> at = readContent(coded, at, end, decoded);
                default -> readSums(coded[at++] & 0xFF);
            }
        }
    }

    /** Whether the content may end here, which is the case after each member. */
    public boolean isWhole() {
        return ended && part == Part.HEADER && header.isEmpty();
    }

    @Override
    public void close() {
        inflater.end();
    }

    private void readHeader(int value) throws GzipException {
        if (header.take(value)) {
            part = Part.CONTENT;
        }
    }

    /** Returns the position after the last byte that was read of the content. */
    private int readContent(byte[] coded, int at, int end, ByteSink<GzipException> decoded) throws GzipException {
        inflater.setInput(coded, at, end - at);
        for (int count = inflate(); count > 0; count = inflate()) {
            sum.update(buffer, 0, count);
            decoded.take(buffer, 0, count);
        }
        if (inflater.finished()) {
            part = Part.SUMS;
        } else {
            GzipException.require(inflater.needsInput());
        }
        return end - inflater.getRemaining();
    }

    private int inflate() throws GzipException {
        try {
            return inflater.inflate(buffer);
        } catch (DataFormatException broken) {
            throw new GzipException(GzipException.Problem.BROKEN);
        }
    }

    private void readSums(int value) throws GzipException {
        sums |= (long) value << (8 * read);
        read++;
        if (read == SUMS_LENGTH) {
            long length = inflater.getBytesWritten() & 0xFFFF_FFFFL;
            GzipException.require(sums == (length << 32 | sum.getValue()));
            beginMember();
        }
    }

    private void beginMember() {
        inflater.reset();
        sum.reset();
        header.reset();
        sums = 0;
        read = 0;
        ended = true;
        part = Part.HEADER;
    }
}
