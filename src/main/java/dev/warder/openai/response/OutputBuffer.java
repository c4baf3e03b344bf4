package dev.warder.openai.response;

import java.util.Arrays;

/** Collects the bytes that a writer makes of one piece of the stream. An array that held many is released. One thread at a time. */
public final class OutputBuffer {
    private static final int KEPT = 8 * 1024;

    private static final int LEAST = 512;
    private static final byte[] NOTHING = {};

    private final int kept;
    private byte[] buffer = new byte[LEAST];
    private int length;
    private int expected;

    /** An empty buffer that keeps its array between two pieces of the stream, up to 8 KiB. */
    OutputBuffer() {
        this(KEPT);
    }

    /** @param kept bytes that the array may have between two pieces of the stream */
    public OutputBuffer(int kept) {
        this.kept = kept;
    }

    /** Announces how many bytes will be added. */
    public void expect(int bytes) {
        expected = bytes;
    }

    /** Adds all of the bytes. */
    public void add(byte[] bytes) {
        add(bytes, 0, bytes.length);
    }

    /** Adds the bytes from {@code from} (inclusive) to {@code to} (exclusive). */
    public void add(byte[] b, int from, int to) {
        reserve(to - from);
        System.arraycopy(b, from, buffer, length, to - from);
        length += to - from;
    }

    /** Adds the decimal digits of a number that is not negative. */
    public void addNumber(int number) {
        if (number > 9) {
            addNumber(number / 10);
        }
        reserve(1);
        buffer[length++] = (byte) ('0' + number % 10);
    }

    /** Adds the lowest eight bits. */
    public void addByte(int b) {
        reserve(1);
        buffer[length++] = (byte) b;
    }

    /** The bytes that were added since the last call. The array belongs to the caller. */
    public byte[] take() {
        if (length == 0) {
            return NOTHING;
        }
        byte[] added = Arrays.copyOf(buffer, length);
        length = 0;
        if (buffer.length > kept) {
            buffer = new byte[LEAST];
        }
        return added;
    }

    /** Makes room for more bytes at once, so that the array does not grow step by step. */
    public void reserve(int more) {
        int needed = length + more;
        if (needed > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(needed, Math.max(expected, 2 * buffer.length)));
        }
    }
}
