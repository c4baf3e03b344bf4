package dev.warder.telemetry;

import java.nio.charset.StandardCharsets;

/**
 * Reads the fields of one message in the encoding of Protocol Buffers (protobuf.dev/programming-guides/encoding), one after the
 * other. Fields that are not asked for are skipped. One thread at a time.
 */
final class ProtobufReader {
    private static final int VARINT = 0;
    private static final int FIXED_64 = 1;
    private static final int LENGTH = 2;
    private static final int FIXED_32 = 5;
    private static final int TYPE_BITS = 3;
    private static final int TYPE = 0x7;
    private static final int GROUP_BITS = 7;
    private static final int GROUP = 0x7F;
    private static final int BYTE = 0xFF;

    private final byte[] bytes;
    private final int end;
    private int at;
    private int field;
    private int type;

    /** Where the value of the field is. */
    private int from;

    private long number;

    /** @param end the position after the message's last byte */
    ProtobufReader(byte[] bytes, int begin, int end) {
        this.bytes = bytes;
        this.at = begin;
        this.end = end;
    }

    /** Goes to the next field; false at the end. */
    boolean next() throws UnreadableException {
        if (at == end) {
            return false;
        }
        long key = readVarint();
        field = (int) (key >>> TYPE_BITS);
        type = (int) key & TYPE;
        switch (type) {
            case VARINT -> number = readVarint();
            case FIXED_64 -> skip(Long.BYTES);
            case LENGTH -> skip(readVarint());
            case FIXED_32 -> skip(Integer.BYTES);
            default -> throw new UnreadableException();
        }
        return true;
    }

    /** Whether it is this field, with a length. */
    boolean isBytes(int number) {
        return field == number && type == LENGTH;
    }

    /** Whether it is this field, with a number of variable length. */
    boolean isVarint(int number) {
        return field == number && type == VARINT;
    }

    /** Whether it is this field, with 8 bytes. */
    boolean isFixed(int number) {
        return field == number && type == FIXED_64;
    }

    /** The message in the field. */
    ProtobufReader message() {
        return new ProtobufReader(bytes, from, at);
    }

    String text() {
        return new String(bytes, from, at - from, StandardCharsets.UTF_8);
    }

    /** Adds the bytes of the field to a hash. */
    void addTo(Fingerprint hash) {
        hash.add(bytes, from, at);
    }

    long varint() {
        return number;
    }

    long fixed() {
        long value = 0;
        for (int i = Long.BYTES - 1; i >= 0; i--) {
            value = value << Byte.SIZE | bytes[from + i] & BYTE;
        }
        return value;
    }

    private void skip(long length) throws UnreadableException {
        if (length < 0 || length > end - at) {
            throw new UnreadableException();
        }
        from = at;
        at += (int) length;
    }

    private long readVarint() throws UnreadableException {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += GROUP_BITS) {
            if (at == end) {
                throw new UnreadableException();
            }
            byte next = bytes[at++];
            value |= (long) (next & GROUP) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new UnreadableException();
    }
}
