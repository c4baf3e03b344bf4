package dev.warder.openai.response;

import java.util.Arrays;

/**
 * Collects the bytes that a writer makes of one piece of the stream. A short array is kept between two pieces; what has no
 * room in it is collected as {@link Pieces}, so that no array grows and long texts are copied once. One thread at a time.
 */
public final class OutputBuffer {
    private static final int KEPT = 1024;
    private static final int DIGITS = 10;
    private static final byte[] NOTHING = {};

    private final byte[] first;
    private int length;
    /** What follows the bytes in {@link #first}. */
    private Pieces rest = new Pieces();

    /** An empty buffer that keeps 1 KiB. */
    public OutputBuffer() {
        this(KEPT);
    }

    /** @param kept bytes of the array that is kept between two pieces of the stream */
    public OutputBuffer(int kept) {
        first = new byte[kept];
    }

    /** Adds a copy of all of the bytes. */
    public void add(byte[] bytes) {
        add(bytes, 0, bytes.length);
    }

    /** Adds a copy of the bytes from {@code from} (inclusive) to {@code to} (exclusive). */
    public void add(byte[] b, int from, int to) {
        int count = to - from;
        if (count > first.length - length || !rest.isEmpty()) {
            rest.add(b, from, to);
        } else {
            System.arraycopy(b, from, first, length, count);
            length += count;
        }
    }

    /** Adds pieces without a copy; what is added to them later is not added here. */
    public void add(Pieces pieces) {
        rest.add(pieces);
    }

    /** Adds the decimal digits of a number that is not negative. */
    public void addNumber(int number) {
        byte[] digits = new byte[DIGITS];
        int from = DIGITS;
        for (int left = number; left > 0 || from == DIGITS; left /= 10) {
            digits[--from] = (byte) ('0' + left % 10);
        }
        add(digits, from, DIGITS);
    }

    /** Adds the lowest eight bits. */
    public void addByte(int b) {
        if (length < first.length && rest.isEmpty()) {
            first[length++] = (byte) b;
        } else {
            rest.addByte(b);
        }
    }

    /** The bytes that were added since the last call. The array belongs to the caller. */
    public byte[] take() {
        byte[] added = all();
        length = 0;
        if (!rest.isEmpty()) {
            rest = new Pieces();
        }
        return added;
    }

    private byte[] all() {
        if (!rest.isEmpty()) {
            return rest.after(first, length);
        }
        return length == 0 ? NOTHING : Arrays.copyOf(first, length);
    }
}
