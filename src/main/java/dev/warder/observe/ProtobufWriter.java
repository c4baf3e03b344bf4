package dev.warder.observe;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.function.Consumer;

/**
 * Writes one message in the encoding of Protocol Buffers (protobuf.dev/programming-guides/encoding). Only the types that
 * OTLP's metrics use. One thread at a time.
 */
public final class ProtobufWriter {
    private static final int VARINT = 0;
    private static final int FIXED_64 = 1;
    private static final int LENGTH = 2;
    private static final int TYPE_BITS = 3;
    private static final int GROUP_BITS = 7;
    private static final int GROUP = 0x7F;
    private static final int MORE = 0x80;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    public byte[] bytes() {
        return bytes.toByteArray();
    }

    ProtobufWriter varint(int field, long value) {
        key(field, VARINT);
        varint(value);
        return this;
    }

    ProtobufWriter fixed(int field, long value) {
        key(field, FIXED_64);
        littleEndian(value);
        return this;
    }

    ProtobufWriter number(int field, double value) {
        return fixed(field, Double.doubleToRawLongBits(value));
    }

    public ProtobufWriter text(int field, String value) {
        return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    ProtobufWriter message(int field, Consumer<ProtobufWriter> content) {
        var inner = new ProtobufWriter();
        content.accept(inner);
        return bytes(field, inner.bytes());
    }

    ProtobufWriter fixed(int field, Collection<Long> values) {
        key(field, LENGTH);
        varint((long) values.size() * Long.BYTES);
        values.forEach(this::littleEndian);
        return this;
    }

    ProtobufWriter numbers(int field, Collection<Double> values) {
        return fixed(field, values.stream().map(Double::doubleToRawLongBits).toList());
    }

    private ProtobufWriter bytes(int field, byte[] value) {
        key(field, LENGTH);
        varint(value.length);
        bytes.writeBytes(value);
        return this;
    }

    private void key(int field, int type) {
        varint((long) field << TYPE_BITS | type);
    }

    private void varint(long value) {
        long rest = value;
        while ((rest & ~GROUP) != 0) {
            bytes.write((int) (rest & GROUP) | MORE);
            rest >>>= GROUP_BITS;
        }
        bytes.write((int) rest);
    }

    private void littleEndian(long value) {
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            bytes.write((int) (value >>> shift));
        }
    }
}
