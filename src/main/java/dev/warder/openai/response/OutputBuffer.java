package dev.warder.openai.response;

import java.util.Arrays;

/** Collects the bytes that a writer makes of one piece of the stream. An array that held many is released. One thread at a time. */
final class OutputBuffer {
    /** The bytes that the array may keep between two pieces of the stream. */
    private static final int KEPT = 8 * 1024;

    private static final int LEAST = 512;
    private static final byte[] NOTHING = {};

    private byte[] buffer = new byte[LEAST];
    private int length;
    private int expected;

    /** Announces how many bytes will be added. */
    void expect(int bytes) {
        expected = bytes;
    }

    void add(byte[] bytes) {
        add(bytes, 0, bytes.length);
    }

    void add(byte[] b, int from, int to) {
        reserve(to - from);
        System.arraycopy(b, from, buffer, length, to - from);
        length += to - from;
    }

    /** Adds the decimal digits of a number that is not negative. */
    void addNumber(int number) {
        if (number > 9) {
            addNumber(number / 10);
        }
        reserve(1);
        buffer[length++] = (byte) ('0' + number % 10);
    }

    /** The bytes that were added since the last call. */
    byte[] take() {
        if (length == 0) {
            return NOTHING;
        }
        byte[] added = Arrays.copyOf(buffer, length);
        length = 0;
        if (buffer.length > KEPT) {
            buffer = new byte[LEAST];
        }
        return added;
    }

    private void reserve(int more) {
        int needed = length + more;
        if (needed > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(needed, Math.max(expected, 2 * buffer.length)));
        }
    }
}
