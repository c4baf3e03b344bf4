package dev.warder.json;

import java.io.IOException;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * Decodes gzip content (RFC 1952) as it comes, however it is cut: every member and every check sum of one. Memory: the
 * decoder's window and 8 KiB. One thread at a time.
 */
public final class GzipDecoder {
    /** Takes what was decoded. */
    public interface Decoded {
        /** The next bytes, handed over; throws to have no more of them. */
        void piece(byte[] bytes) throws IOException;
    }

    private enum Part {
        BEGINNING,
        EXTRA_LENGTH,
        EXTRA,
        NAME,
        COMMENT,
        HEADER_CHECK,
        CONTENT,
        SUMS
    }

    private static final int BUFFER = 8 * 1024;
    private static final int[] MAGIC = {0x1F, 0x8B, 8};
    private static final int BEGINNING = 10;
    private static final int SUMS = 8;
    private static final int HEADER_CHECK = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int RESERVED = 0xE0;

    private final Inflater inflater = new Inflater(true);
    private final CRC32 sum = new CRC32();
    private final byte[] buffer = new byte[BUFFER];
    private Part part = Part.BEGINNING;
    private int at;
    private int flags;
    private long number;
    private boolean ended;

    /** A decoder to which nothing was fed yet. */
    public GzipDecoder() {}

    /** Decodes the next bytes; throws where they are no gzip content. */
    public void feed(byte[] coded, Decoded decoded) throws IOException {
        int position = 0;
        while (position < coded.length) {
            if (part == Part.CONTENT) {
                position = content(coded, position, decoded);
            } else {
                around(coded[position++] & 0xFF);
            }
        }
    }

    /** Whether it may end here: behind a member. */
    public boolean whole() {
        return ended && part == Part.BEGINNING && at == 0;
    }

    /** Lets go of the decoder's memory, which nothing may be fed to then. */
    public void close() {
        inflater.end();
    }

    /** Where the bytes go on behind the content, or where they end. */
    private int content(byte[] coded, int position, Decoded decoded) throws IOException {
        inflater.setInput(coded, position, coded.length - position);
        try {
            for (int count = inflater.inflate(buffer); count > 0; count = inflater.inflate(buffer)) {
                sum.update(buffer, 0, count);
                decoded.piece(Arrays.copyOf(buffer, count));
            }
        } catch (DataFormatException broken) {
            throw new ZipException();
        }
        require(inflater.finished() || inflater.needsInput());
        if (inflater.finished()) {
            begin(Part.SUMS);
        }
        return coded.length - inflater.getRemaining();
    }

    /** A byte of what is around the content. */
    private void around(int value) throws ZipException {
        switch (part) {
            case BEGINNING -> beginning(value);
            case EXTRA_LENGTH -> {
                if (little(value, 2)) {
                    long length = number;
                    begin(length > 0 ? Part.EXTRA : behind(Part.EXTRA));
                    number = length;
                }
            }
            case EXTRA -> {
                if (++at == number) {
                    begin(behind(Part.EXTRA));
                }
            }
            case NAME, COMMENT -> {
                if (value == 0) {
                    begin(behind(part));
                }
            }
            case HEADER_CHECK -> {
                if (little(value, 2)) {
                    begin(Part.CONTENT);
                }
            }
            default -> sums(value);
        }
    }

    private void beginning(int value) throws ZipException {
        require(at >= MAGIC.length || value == MAGIC[at]);
        if (at == MAGIC.length) {
            require((value & RESERVED) == 0);
            flags = value;
        }
        if (++at == BEGINNING) {
            begin((flags & EXTRA) == 0 ? behind(Part.EXTRA) : Part.EXTRA_LENGTH);
        }
    }

    /** The next part of a header that is there, for it goes by its flags. */
    private Part behind(Part last) {
        if (last == Part.EXTRA && (flags & NAME) != 0) {
            return Part.NAME;
        }
        if (last != Part.COMMENT && (flags & COMMENT) != 0) {
            return Part.COMMENT;
        }
        return (flags & HEADER_CHECK) == 0 ? Part.CONTENT : Part.HEADER_CHECK;
    }

    private void sums(int value) throws ZipException {
        if (little(value, SUMS)) {
            long length = inflater.getBytesWritten() & 0xFFFF_FFFFL;
            require(number == (length << 32 | sum.getValue()));
            inflater.reset();
            sum.reset();
            ended = true;
            begin(Part.BEGINNING);
        }
    }

    /** Adds a byte of a number of {@code count}; true with the last. */
    private boolean little(int value, int count) {
        number |= (long) value << (8 * at);
        return ++at == count;
    }

    private void begin(Part next) {
        part = next;
        at = 0;
        number = 0;
    }

    private static void require(boolean holds) throws ZipException {
        if (!holds) {
            throw new ZipException();
        }
    }
}
