package dev.warder.body;

import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Pieces of a body between two sides, in order. A piece belongs to the queue once added, and to the taker once taken: it is
 * never written to again, because a container may still be sending from it.
 *
 * <p>One thread at a time: guarded by a lock of its user.
 */
public final class ByteQueue {
    /** As many as one read of the upstream returns; containers would copy more than that into larger buffers of their own. */
    private static final int LARGEST = 72 * 1024;

    private final ArrayDeque<byte[]> pieces = new ArrayDeque<>();
    private long length;

    public void add(byte[] piece) {
        if (piece.length > 0) {
            pieces.add(piece);
            length += piece.length;
        }
    }

    /** The oldest pieces, joined to no more than 72 KiB unless one alone has more; null when there is none. */
    public byte @Nullable [] poll() {
        byte[] piece = pieces.poll();
        if (piece == null) {
            return null;
        }
        int total = piece.length;
        for (byte[] next : pieces) {
            if (next.length > LARGEST - total) {
                break;
            }
            total += next.length;
        }
        length -= total;
        return total == piece.length ? piece : joined(piece, total);
    }

    private byte[] joined(byte[] first, int total) {
        byte[] joined = Arrays.copyOf(first, total);
        for (int end = first.length; end < total; ) {
            byte[] next = pieces.remove();
            System.arraycopy(next, 0, joined, end, next.length);
            end += next.length;
        }
        return joined;
    }

    public boolean isEmpty() {
        return pieces.isEmpty();
    }

    /** Bytes in the queue. */
    public long length() {
        return length;
    }

    public void clear() {
        pieces.clear();
        length = 0;
    }
}
