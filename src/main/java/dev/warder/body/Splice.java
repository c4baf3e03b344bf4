package dev.warder.body;

import java.util.List;

/**
 * One change of a body: {@code replacement} replaces the bytes from {@code from} (inclusive) to {@code to} (exclusive). With
 * {@code from == to} it is inserted before that byte. Positions count bytes of the original body. The array must not change
 * afterwards.
 *
 * @param from first byte replaced, 0 or more
 * @param to end of the replaced bytes, {@code from} or more
 * @param replacement the new bytes, may be empty
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared; a copy of each replacement would have no use.
public record Splice(long from, long to, byte[] replacement) {
    /** Throws {@link IllegalArgumentException} when the range is negative or reversed. */
    public Splice {
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("no range: " + from + " to " + to);
        }
    }

    /** A copy of {@code bytes} with the changes made, as by {@link Chunks#splice}. */
    public static byte[] apply(byte[] bytes, List<Splice> splices) {
        var body = new Chunks(bytes.length);
        body.append(bytes, 0, bytes.length);
        var changed = body.splice(splices);
        return changed.copy(0, changed.length());
    }

    public static Splice insert(long position, byte[] inserted) {
        return new Splice(position, position, inserted);
    }
}
