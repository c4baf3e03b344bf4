package dev.warder.body;

import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;

/** A range of an array as a part of one rope; several ropes may share the array. One thread at a time. */
final class Segment {
    final byte[] bytes;
    final int from;
    /** The position in the rope at which this part begins. */
    final long start;
    /** The end of the range, exclusive. Grows only while the rope that created the array still appends to it. */
    int to;

    Segment(byte[] bytes, int from, int to, long start) {
        this.bytes = bytes;
        this.from = from;
        this.to = to;
        this.start = start;
    }

    int length() {
        return to - from;
    }

    long end() {
        return start + length();
    }

    /**
     * The part between two positions of the rope, limited to this segment, as a segment that begins at {@code newStart} in
     * another rope.
     */
    Segment cut(long first, long end, long newStart) {
        int low = from + (int) (Math.max(first, start) - start);
        int high = from + (int) (Math.min(end, end()) - start);
        return new Segment(bytes, low, high, newStart);
    }

    /** Copies the bytes from {@code position} of the rope, as many as there are and {@code target} has room for, and returns how many. */
    int copy(long position, byte[] target, int at) {
        int first = from + (int) (position - start);
        int count = Math.min(to - first, target.length - at);
        System.arraycopy(bytes, first, target, at, count);
        return count;
    }

    ByteBuffer buffer() {
        return ByteBuffer.wrap(bytes, from, length()).slice().asReadOnlyBuffer();
    }

    ByteArrayInputStream stream() {
        return new ByteArrayInputStream(bytes, from, length());
    }
}
