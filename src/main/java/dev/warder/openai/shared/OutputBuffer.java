package dev.warder.openai.shared;

import dev.warder.body.SpareArrays;
import java.util.Arrays;

/**
 * Collects the bytes that a writer makes of one piece of the stream. A short array is kept between two pieces; what has no
 * room in it goes into a {@link SpareArrays spare array} until it is taken, and what has no room there, and long texts that
 * are not copied, into {@link Pieces}. One thread at a time.
 */
public final class OutputBuffer {
    private static final int KEPT = 1024;
    private static final byte[] NOTHING = {};

    private final byte[] own = new byte[KEPT];
    private byte[] array = own;

    private int length;
    /** The bytes after those in {@link #array}. */
    private Pieces rest = new Pieces();

    /** Adds a copy of all of the bytes. */
    public void add(byte[] bytes) {
        add(bytes, 0, bytes.length);
    }

    /** Adds a copy of the bytes from {@code from} (inclusive) to {@code to} (exclusive). */
    public void add(byte[] b, int from, int to) {
        int count = to - from;
        if (makesRoom(count)) {
            System.arraycopy(b, from, array, length, count);
            length += count;
        } else {
            rest.add(b, from, to);
        }
    }

    public void add(Pieces pieces) {
        rest.add(pieces);
    }

    public void addNumber(int number) {
        if (number >= 10) {
            addNumber(number / 10);
        }
        addByte('0' + number % 10);
    }

    void addByte(int b) {
        if (makesRoom(1)) {
            array[length++] = (byte) b;
        } else {
            rest.addByte(b);
        }
    }

    /** Whether this many bytes go into the array, or into a larger one from now on; none do once there is a rest. */
    private boolean makesRoom(int count) {
        return rest.isEmpty() && (count <= array.length - length || borrows(count));
    }

    private boolean borrows(int count) {
        if (array != own || count > SpareArrays.SIZE - length) {
            return false;
        }
        array = SpareArrays.take();
        System.arraycopy(own, 0, array, 0, length);
        return true;
    }

    /** The bytes that were added since the last call. The array belongs to the caller. */
    public byte[] take() {
        byte[] added = all();
        length = 0;
        if (array != own) {
            byte[] lent = array;
            array = own;
            SpareArrays.giveBack(lent);
        }
        if (!rest.isEmpty()) {
            rest = new Pieces();
        }
        return added;
    }

    private byte[] all() {
        if (!rest.isEmpty()) {
            return rest.after(array, length);
        }
        return length == 0 ? NOTHING : Arrays.copyOf(array, length);
    }
}
