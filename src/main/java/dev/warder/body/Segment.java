package dev.warder.body;

import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;

/** A stretch of an array as a part of one rope; the array may be shared by several. One thread at a time. */
final class Segment {
    final byte[] bytes;
    final int from;
    /** Where this part begins in its rope. */
    final long start;
    /** Exclusive; grows only while the rope that made the array still appends to it. */
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

    /** The part between two positions of the rope, cut to this segment, to begin at {@code start} in another one. */
    Segment cut(long first, long end, long newStart) {
        int low = from + (int) (Math.max(first, start) - start);
        int high = from + (int) (Math.min(end, end()) - start);
        return new Segment(bytes, low, high, newStart);
    }

    ByteBuffer buffer() {
        return ByteBuffer.wrap(bytes, from, length()).slice().asReadOnlyBuffer();
    }

    ByteArrayInputStream stream() {
        return new ByteArrayInputStream(bytes, from, length());
    }
}
