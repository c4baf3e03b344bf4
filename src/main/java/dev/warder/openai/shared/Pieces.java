package dev.warder.openai.shared;

import dev.warder.json.JsonText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Bytes of JSON text, collected piece by piece. Adding copies each byte once and growing copies none, so that many small
 * pieces cost as much as one. Other pieces are added without a copy: both then share the arrays.
 *
 * <p>One thread at a time.
 */
public final class Pieces {
    private static final byte[] NOTHING = {};
    private static final int FIRST = 256;
    private static final int MOST = 64 * 1024;

    /** Arrays that are full. They are never changed, because they may be shared. */
    private final List<byte[]> full = new ArrayList<>(2);

    private byte[] last = NOTHING;
    private int used;
    private long length;

    /** No bytes. */
    public Pieces() {}

    public Pieces(String json) {
        add(json);
    }

    /** The number of bytes. */
    public long length() {
        return length;
    }

    /** Whether there are no bytes. */
    public boolean isEmpty() {
        return length == 0;
    }

    /** Adds a copy of the bytes from {@code from} (inclusive) to {@code to} (exclusive). */
    public Pieces add(byte[] b, int from, int to) {
        int at = from;
        while (at < to) {
            if (used == last.length) {
                grow(to - at);
            }
            int count = Math.min(last.length - used, to - at);
            System.arraycopy(b, at, last, used, count);
            used += count;
            length += count;
            at += count;
        }
        return this;
    }

    void addByte(int b) {
        if (used == last.length) {
            grow(1);
        }
        last[used++] = (byte) b;
        length++;
    }

    private void grow(int missing) {
        int size = Math.max(2 * last.length, FIRST);
        closeLast();
        last = new byte[Math.min(Math.max(size, missing), MOST)];
    }

    public Pieces add(byte[] bytes) {
        closeLast();
        if (bytes.length > 0) {
            full.add(bytes);
            length += bytes.length;
        }
        return this;
    }

    public Pieces add(String json) {
        return add(JsonText.utf8(json));
    }

    public Pieces add(Pieces other) {
        closeLast();
        other.closeLast();
        full.addAll(other.full);
        length += other.length;
        return this;
    }

    private void closeLast() {
        if (used > 0) {
            full.add(used == last.length ? last : Arrays.copyOf(last, used));
        }
        last = NOTHING;
        used = 0;
    }

    /** All bytes in a new array. */
    public byte[] bytes() {
        return after(NOTHING, 0);
    }

    /** The first {@code count} bytes of {@code before} and all bytes of this object, in a new array. */
    byte[] after(byte[] before, int count) {
        byte[] all = Arrays.copyOf(before, Math.toIntExact(count + length));
        int at = count;
        for (byte[] part : full) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        System.arraycopy(last, 0, all, at, used);
        return all;
    }

    /** The text of a string literal that has these bytes between its quotes. */
    public String text() {
        byte[] literal = new Pieces("\"").add(this).add("\"").bytes();
        return JsonText.text(literal, 0, literal.length);
    }
}
