package dev.warder.proxy;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Pieces of a body between two sides, in order. A piece belongs to the queue once added, and to the taker once taken: it is
 * never written to again, because a container may still be sending from it.
 *
 * <p>One thread at a time: guarded by the exchange's lock.
 */
final class ByteQueue {
    private final ArrayDeque<byte[]> pieces = new ArrayDeque<>();
    private long length;

    void add(byte[] piece) {
        if (piece.length > 0) {
            pieces.add(piece);
            length += piece.length;
        }
    }

    /** The oldest piece, or null when there is none. */
    byte @Nullable [] poll() {
        byte[] piece = pieces.poll();
        if (piece != null) {
            length -= piece.length;
        }
        return piece;
    }

    boolean isEmpty() {
        return pieces.isEmpty();
    }

    /** Bytes in the queue. */
    long length() {
        return length;
    }

    void clear() {
        pieces.clear();
        length = 0;
    }
}
