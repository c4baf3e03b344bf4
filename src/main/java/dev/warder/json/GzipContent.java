package dev.warder.json;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.BooleanSupplier;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * A gzip body (RFC 1952), decoded strictly: every member, every check sum, nothing behind the last one. Memory: the
 * decoded bytes and two buffers of 8 KiB; coded bytes are let go as they are read. One thread at a time.
 */
public final class GzipContent {
    private static final int MAX_RATIO = 100;
    private static final int BUFFER = 8 * 1024;
    private static final int HEADER_CHECK = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int RESERVED = 0xE0;

    private final InputStream coded;
    private final long limit;
    private final BooleanSupplier unwanted;
    private final Sink sink;
    private final byte[] in = new byte[BUFFER];
    private final byte[] out = new byte[BUFFER];
    private final CRC32 headerCheck = new CRC32();
    private long length;
    private int position;
    private int end;

    /** Takes decoded bytes. */
    @FunctionalInterface
    private interface Sink {
        void append(byte[] bytes, int offset, int count);
    }

    private GzipContent(InputStream coded, Sink sink, long limit, BooleanSupplier unwanted) {
        this.coded = coded;
        this.sink = sink;
        this.limit = limit;
        this.unwanted = unwanted;
    }

    /**
     * Decodes a body, which is empty afterwards whatever the outcome.
     *
     * @param limit bytes that the decoded body may have, inclusive; nor may it be longer than {@link #longest} says
     * @param unwanted asked now and then whether the body is of no use any more; then it counts as broken
     */
    public static Chunks decode(Chunks coded, long limit, BooleanSupplier unwanted) throws GzipException {
        long bound = Math.min(limit, longest(coded.length()));
        Chunks decoded = new Chunks();
        read(coded.drain(), decoded::append, bound, unwanted);
        return decoded;
    }

    /**
     * The length that a body has once it is decoded, in bytes. Decodes it without keeping a byte; the body stays as it is.
     *
     * @param limit as {@link #decode} has it, with the same verdict
     * @param unwanted the same
     */
    public static long length(Chunks coded, long limit, BooleanSupplier unwanted) throws GzipException {
        return read(coded.stream(), (bytes, offset, count) -> {}, Math.min(limit, longest(coded.length())), unwanted);
    }

    private static long read(InputStream coded, Sink sink, long bound, BooleanSupplier unwanted) throws GzipException {
        Inflater inflater = new Inflater(true);
        try (coded) {
            return new GzipContent(coded, sink, bound, unwanted).members(inflater);
        } catch (IOException | DataFormatException broken) {
            throw new GzipException(GzipException.Problem.BROKEN);
        } finally {
            inflater.end();
        }
    }

    /** The most bytes that so many coded ones may stand for: a hundred times as many. */
    public static long longest(long coded) {
        return coded * MAX_RATIO;
    }

    private long members(Inflater inflater) throws IOException, DataFormatException, GzipException {
        do {
            header();
            inflater.reset();
            member(inflater);
        } while (position < end || fill());
        return length;
    }

    private void header() throws IOException {
        headerCheck.reset();
        require(next() == 0x1F && next() == 0x8B && next() == 8);
        int flags = next();
        require((flags & RESERVED) == 0);
        skip(6);
        if ((flags & EXTRA) != 0) {
            skip(little(2));
        }
        if ((flags & NAME) != 0) {
            skipText();
        }
        if ((flags & COMMENT) != 0) {
            skipText();
        }
        if ((flags & HEADER_CHECK) != 0) {
            long expected = headerCheck.getValue() & 0xFFFF;
            require(little(2) == expected);
        }
    }

    private void member(Inflater inflater) throws IOException, DataFormatException, GzipException {
        CRC32 check = new CRC32();
        while (!inflater.finished()) {
            if (inflater.needsInput()) {
                require(position < end || fill());
                inflater.setInput(in, position, end - position);
                position = end;
            }
            int count = inflater.inflate(out);
            require(count > 0 || inflater.finished() || inflater.needsInput());
            check.update(out, 0, count);
            append(count);
        }
        position = end - inflater.getRemaining();
        require(little(4) == check.getValue());
        require(little(4) == (inflater.getBytesWritten() & 0xFFFF_FFFFL));
    }

    private void append(int count) throws GzipException {
        if (length + count > limit) {
            throw new GzipException(GzipException.Problem.TOO_LARGE);
        }
        sink.append(out, 0, count);
        length += count;
    }

    private void skipText() throws IOException {
        int c;
        do {
            c = next();
        } while (c != 0);
    }

    private void skip(long count) throws IOException {
        for (long i = 0; i < count; i++) {
            next();
        }
    }

    private long little(int count) throws IOException {
        long value = 0;
        for (int i = 0; i < count; i++) {
            value |= (long) next() << (8 * i);
        }
        return value;
    }

    private int next() throws IOException {
        if (position == end && !fill()) {
            throw new EOFException();
        }
        int c = in[position++] & 0xFF;
        headerCheck.update(c);
        return c;
    }

    private boolean fill() throws IOException {
        require(!unwanted.getAsBoolean());
        position = 0;
        end = Math.max(0, coded.read(in));
        return end > 0;
    }

    private static void require(boolean holds) throws ZipException {
        if (!holds) {
            throw new ZipException();
        }
    }
}
