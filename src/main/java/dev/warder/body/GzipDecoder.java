package dev.warder.body;

import dev.warder.body.Chunks.ByteSink;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A strict decoder of gzip content (RFC 1952) that arrives in pieces of any length: every member, every checksum, and
 * nothing after the last member. Content that is more than a hundred times as long as it came is refused. Memory: the
 * inflater's window and 8 KiB. One thread at a time.
 */
public final class GzipDecoder implements AutoCloseable {
    private enum Part {
        HEADER,
        CONTENT,
        SUMS
    }

    private static final int MAX_RATIO = 100;

    /** Bytes to which few bytes of a stream may decode; more is limited by the length of what came. */
    private static final long LEAST = 1 << 20;

    private static final long BY_RATIO = -1;
    private static final int BUFFER = 8 * 1024;
    private static final int SUMS_LENGTH = 8;

    private final long limit;
    private final GzipHeader header = new GzipHeader();
    private final Inflater inflater = new Inflater(true);
    private final CRC32 sum = new CRC32();
    private final byte[] buffer = new byte[BUFFER];
    private Part part = Part.HEADER;
    private boolean ended;
    private long received;
    private long length;
    /** The checksum and the length after a member's content, as far as they have been read. */
    private long sums;
    /** How many of those bytes have been read. */
    private int read;

    /** Decodes a stream of unknown length. */
    public GzipDecoder() {
        this(BY_RATIO);
    }

    private GzipDecoder(long limit) {
        this.limit = limit;
    }

    private static GzipDecoder of(Chunks coded, long limit) {
        return new GzipDecoder(Math.min(limit, MAX_RATIO * coded.length()));
    }

    /**
     * Decodes a whole body. The body is empty afterwards, whatever the outcome; its arrays are released as they are read.
     *
     * @param limit the maximum length of the decoded body in bytes, inclusive
     * @param unwanted called between pieces; returns whether the body is no longer needed, and counts as broken then
     */
    public static Chunks decode(Chunks coded, long limit, BooleanSupplier unwanted) throws GzipException {
        var decoded = new Chunks();
        try (var decoder = of(coded, limit)) {
            coded.drain((bytes, offset, count) -> decoder.feed(bytes, offset, count, unwanted, decoded::append));
            GzipException.require(decoder.isWhole());
        }
        return decoded;
    }

    /**
     * The length of a body after decoding, in bytes. Decodes it without keeping a byte; the body stays unchanged.
     *
     * @param limit as for {@link #decode}, with the same result
     * @param unwanted as for {@link #decode}
     */
    public static long length(Chunks coded, long limit, BooleanSupplier unwanted) throws GzipException {
        try (var decoder = of(coded, limit)) {
            coded.read(
                    0,
                    coded.length(),
                    (bytes, offset, count) ->
                            decoder.feed(bytes, offset, count, unwanted, (decoded, from, more) -> {}));
            GzipException.require(decoder.isWhole());
            return decoder.length;
        }
    }

    private void feed(byte[] coded, int offset, int count, BooleanSupplier unwanted, ByteSink<GzipException> decoded)
            throws GzipException {
        int end = offset + count;
        for (int at = offset; at < end; at += BUFFER) {
            GzipException.require(!unwanted.getAsBoolean());
            feed(coded, at, Math.min(BUFFER, end - at), decoded);
        }
    }

    /**
     * Decodes the next {@code count} bytes from {@code offset}.
     *
     * @throws GzipException when they are not gzip content, or decode to too much; nothing may be fed afterwards
     */
    public void feed(byte[] coded, int offset, int count, ByteSink<GzipException> decoded) throws GzipException {
        received += count;
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
            length += count;
            if (length > (limit == BY_RATIO ? Math.max(LEAST, MAX_RATIO * received) : limit)) {
                throw new GzipException(GzipException.Problem.TOO_LARGE);
            }
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
            long written = inflater.getBytesWritten() & 0xFFFF_FFFFL;
            GzipException.require(sums == (written << 32 | sum.getValue()));
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

    /** Gzip content that is refused. */
    public static final class GzipException extends Exception {
        /** The reasons. */
        public enum Problem {
            /** Decoded, the content is longer than allowed, or more than 100 times as long as coded. */
            TOO_LARGE("the gzip content is too large once decoded"),
            /** The content is not gzip, is damaged or truncated, or is followed by other bytes. */
            BROKEN("the gzip content is broken");

            private final String message;

            Problem(String message) {
                this.message = message;
            }
        }

        private final Problem problem;

        private GzipException(Problem problem) {
            super(problem.message);
            this.problem = problem;
        }

        /** Throws {@link Problem#BROKEN} unless {@code intact}. */
        private static void require(boolean intact) throws GzipException {
            if (!intact) {
                throw new GzipException(Problem.BROKEN);
            }
        }

        public Problem problem() {
            return problem;
        }
    }

    /** The header of a gzip member (RFC 1952, section 2.3), read and checked byte by byte. One thread at a time. */
    private static final class GzipHeader {
        /** The parts in their order in the header. */
        private enum HeaderPart {
            FIXED(0),
            EXTRA_LENGTH(4),
            EXTRA(4),
            NAME(8),
            COMMENT(16),
            CHECK(2),
            END(0);

            /** The flag of a header that has this part; 0 where each has it. */
            private final int flag;

            HeaderPart(int flag) {
                this.flag = flag;
            }
        }

        private static final List<HeaderPart> PARTS = List.of(HeaderPart.values());
        private static final int[] MAGIC = {0x1F, 0x8B, 8};
        private static final int FIXED_LENGTH = 10;
        private static final int RESERVED = 0xE0;

        private final CRC32 sum = new CRC32();
        private int index;
        private int flags;
        /** The number of bytes of this part that have been read. */
        private int read;

        /** The length of the extra field, or the checksum, as far as it has been read. */
        private int number;

        boolean isEmpty() {
            return index == 0 && read == 0;
        }

        void reset() {
            index = 0;
            read = 0;
            number = 0;
            sum.reset();
        }

        /** Takes the next byte; true when it is the last one. */
        boolean take(int value) throws GzipException {
            if (part() != HeaderPart.CHECK) {
                sum.update(value);
            }
            boolean ends =
                    switch (part()) {
                        case FIXED -> endsFixed(value);
                        case EXTRA_LENGTH, CHECK -> endsNumber(value);
                        case EXTRA -> ++read == number;
                        default -> value == 0;
                    };
            if (ends) {
                GzipException.require(part() != HeaderPart.CHECK || number == (sum.getValue() & 0xFFFF));
                beginNextPart();
            }
            return part() == HeaderPart.END;
        }

        private boolean endsFixed(int value) throws GzipException {
            GzipException.require(read >= MAGIC.length || value == MAGIC[read]);
            if (read == MAGIC.length) {
                GzipException.require((value & RESERVED) == 0);
                flags = value;
            }
            return ++read == FIXED_LENGTH;
        }

        /** Adds a byte of a little-endian number of two bytes. */
        private boolean endsNumber(int value) {
            number |= value << (8 * read);
            return ++read == 2;
        }

        private HeaderPart part() {
            return PARTS.get(index);
        }

        private void beginNextPart() {
            do {
                index++;
            } while (!isPresent());
            read = 0;
            number = part() == HeaderPart.EXTRA ? number : 0;
        }

        private boolean isPresent() {
            return (flags & part().flag) == part().flag && (part() != HeaderPart.EXTRA || number > 0);
        }
    }
}
