package dev.warder.body;

import java.util.List;
import java.util.zip.CRC32;

/** The header of a gzip member (RFC 1952, section 2.3), read and checked byte by byte. One thread at a time. */
final class GzipHeader {
    /** The parts in their order in the header. */
    private enum Part {
        FIXED(0),
        EXTRA_LENGTH(4),
        EXTRA(4),
        NAME(8),
        COMMENT(16),
        CHECK(2),
        END(0);

        /** The flag of a header that has this part; 0 where each has it. */
        private final int flag;

        Part(int flag) {
            this.flag = flag;
        }
    }

    private static final List<Part> PARTS = List.of(Part.values());
    private static final int[] MAGIC = {0x1F, 0x8B, 8};
    private static final int FIXED_LENGTH = 10;

    private static final int RESERVED = 0xE0;

    private final CRC32 sum = new CRC32();
    private int index;
    private int flags;
    private int extra;
    /** The number of bytes of this part that have been read. */
    private int read;

    private int number;

    boolean isEmpty() {
        return part() == Part.FIXED && read == 0;
    }

    void reset() {
        index = 0;
        read = 0;
        number = 0;
        sum.reset();
    }

    boolean take(int value) throws GzipException {
        if (part() != Part.CHECK) {
            sum.update(value);
        }
        if (endsPart(value)) {
            beginNextPart();
        }
        return part() == Part.END;
    }

    private boolean endsPart(int value) throws GzipException {
        return switch (part()) {
            case FIXED -> endsFixed(value);
            case EXTRA_LENGTH -> endsExtraLength(value);
            case EXTRA -> ++read == extra;
            case CHECK -> endsCheck(value);
            default -> value == 0;
        };
    }

    private boolean endsFixed(int value) throws GzipException {
        GzipException.require(read >= MAGIC.length || value == MAGIC[read]);
        if (read == MAGIC.length) {
            GzipException.require((value & RESERVED) == 0);
            flags = value;
        }
        return ++read == FIXED_LENGTH;
    }

    private boolean endsExtraLength(int value) {
        boolean ends = endsNumber(value);
        extra = number;
        return ends;
    }

    private boolean endsCheck(int value) throws GzipException {
        boolean ends = endsNumber(value);
        GzipException.require(!ends || number == (sum.getValue() & 0xFFFF));
        return ends;
    }

    /** Adds a byte of a little-endian number of two bytes. */
    private boolean endsNumber(int value) {
        number |= value << (8 * read);
        return ++read == 2;
    }

    private Part part() {
        return PARTS.get(index);
    }

    private void beginNextPart() {
        do {
            index++;
        } while (!isPresent());
        read = 0;
        number = 0;
    }

    private boolean isPresent() {
        return (flags & part().flag) == part().flag && (part() != Part.EXTRA || extra > 0);
    }
}
