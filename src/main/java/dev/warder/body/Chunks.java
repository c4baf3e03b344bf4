package dev.warder.body;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Objects;

/**
 * A collected body: a rope of byte arrays of up to 64 KiB. Only appending copies bytes, so an edited body shares the arrays of
 * the original. Memory: the bytes, rounded up to the last array, and about 40 bytes for each array.
 *
 * <p>One thread at a time. To pass a body to another thread, callers need a lock or a queue.
 */
public final class Chunks {
    /**
     * Receives bytes in an array that stays the caller's; the caller may reuse it.
     *
     * @param <E> the exception that stops the caller
     */
    @FunctionalInterface
    public interface ByteSink<E extends Exception> {
        /** Receives {@code count} bytes from {@code offset}. */
        void take(byte[] bytes, int offset, int count) throws E;
    }

    private static final int FIRST_SEGMENT = 16 * 1024;

    private final List<Segment> segments = new ArrayList<>();
    private final long expected;
    private final SegmentPool pool;
    private long length;
    /** Free bytes after the end of the last segment; always 0 after a shared one. */
    private int room;

    public Chunks() {
        this(0);
    }

    public Chunks(long expected) {
        this(expected, SegmentPool.NONE);
    }

    /**
     * Creates an empty body of a known length, so that the last array (the only one of a small body) is no longer than needed.
     * The length is only a hint: fewer or more bytes may arrive, and arrays are allocated only when bytes arrive.
     *
     * @param expected bytes, 0 when unknown
     * @param pool the source of full-length arrays
     */
    public Chunks(long expected, SegmentPool pool) {
        this.expected = expected;
        this.pool = pool;
    }

    /** Appends a copy of {@code len} bytes from {@code off}. */
    public void append(byte[] b, int off, int len) {
        Objects.checkFromIndexSize(off, len, b.length);
        int done = 0;
        while (done < len) {
            if (room == 0) {
                open();
            }
            Segment last = segments.get(segments.size() - 1);
            int count = Math.min(room, len - done);
            System.arraycopy(b, off + done, last.bytes, last.to, count);
            last.to += count;
            room -= count;
            length += count;
            done += count;
        }
    }

    private void open() {
        long missing = expected - length;
        room = (int) Math.min(missing > 0 ? missing : Math.max(length, FIRST_SEGMENT), SegmentPool.SEGMENT);
        byte[] array = room == SegmentPool.SEGMENT ? pool.take() : new byte[room];
        segments.add(new Segment(array, 0, 0, length));
    }

    /** The number of bytes. */
    public long length() {
        return length;
    }

    /**
     * A new array of the bytes from {@code from} (inclusive) to {@code to} (exclusive).
     *
     * @throws IndexOutOfBoundsException outside this body
     */
    public byte[] copy(long from, long to) {
        byte[] copy = new byte[Math.toIntExact(to - Objects.checkFromToIndex(from, to, length))];
        int done = 0;
        for (int i = indexOf(from); done < copy.length; i++) {
            Segment segment = segments.get(i);
            int first = segment.from + (int) (from + done - segment.start);
            int count = Math.min(segment.to - first, copy.length - done);
            System.arraycopy(segment.bytes, first, copy, done, count);
            done += count;
        }
        return copy;
    }

    /**
     * Passes the bytes from {@code from} (inclusive) to {@code to} (exclusive) to {@code sink}, which must not change them.
     *
     * @throws IndexOutOfBoundsException outside this body
     */
    public <E extends Exception> void read(long from, long to, ByteSink<E> sink) throws E {
        Objects.checkFromToIndex(from, to, length);
        long position = from;
        for (int i = indexOf(from); position < to; i++) {
            Segment segment = segments.get(i);
            int skipped = (int) (position - segment.start);
            int count = (int) Math.min(segment.length() - skipped, to - position);
            sink.take(segment.bytes, segment.from + skipped, count);
            position += count;
        }
    }

    /**
     * The byte at {@code position}, counted from 0.
     *
     * @throws IndexOutOfBoundsException outside this body
     */
    public byte at(long position) {
        Segment segment = segments.get(indexOf(Objects.checkIndex(position, length)));
        return segment.bytes[segment.from + (int) (position - segment.start)];
    }

    /** Read-only views of all bytes in order; new ones at each call, so that a body can be sent again. */
    public List<ByteBuffer> buffers() {
        var views = new ArrayList<ByteBuffer>(segments.size());
        for (int i = 0; i < segments.size(); i++) {
            Segment segment = segments.get(i);
            views.add(ByteBuffer.wrap(segment.bytes, segment.from, segment.length())
                    .slice()
                    .asReadOnlyBuffer());
        }
        return views;
    }

    /**
     * A new body with the changes applied, which shares the arrays of this one. This body stays unchanged.
     *
     * @param splices sorted by position; insertions at the same position are applied in their order
     * @throws IllegalArgumentException when they overlap, are not sorted or are outside this body
     */
    public Chunks splice(List<Splice> splices) {
        Chunks result = new Chunks();
        long position = 0;
        for (Splice splice : splices) {
            if (splice.from() < position || splice.to() > length) {
                throw new IllegalArgumentException("overlapping or outside: " + splice.from() + " to " + splice.to());
            }
            byte[] replacement = splice.replacement();
            read(position, splice.from(), result::share);
            result.share(replacement, 0, replacement.length);
            position = splice.to();
        }
        read(position, length, result::share);
        return result;
    }

    private void share(byte[] bytes, int from, int count) {
        if (count > 0) {
            segments.add(new Segment(bytes, from, from + count, length));
            length += count;
        }
    }

    /** A stream of all bytes; new at each call. */
    public InputStream stream() {
        var parts = new ArrayList<InputStream>(segments.size());
        for (Segment segment : segments) {
            parts.add(new ByteArrayInputStream(segment.bytes, segment.from, segment.length()));
        }
        return new SequenceInputStream(Collections.enumeration(parts));
    }

    /**
     * Passes all bytes to {@code sink}, and releases each array after that. This body is empty from this call on. Other
     * bodies and views that share an array keep it alive.
     */
    public <E extends Exception> void drain(ByteSink<E> sink) throws E {
        Deque<Segment> left = new ArrayDeque<>(segments);
        clear();
        while (!left.isEmpty()) {
            Segment segment = left.removeFirst();
            sink.take(segment.bytes, segment.from, segment.length());
        }
    }

    private void clear() {
        segments.clear();
        length = 0;
        room = 0;
    }

    public OutputStream appender() {
        return new OutputStream() {
            @Override
            public void write(int b) {
                append(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] b, int off, int len) {
                append(b, off, len);
            }
        };
    }

    /**
     * Returns the arrays to the pool, so that other bodies can reuse them. This body is empty from this call on. No
     * thread may still read a body or view that shares an array with it.
     */
    public void recycle() {
        segments.forEach(segment -> pool.give(segment.bytes));
        clear();
    }

    private int indexOf(long position) {
        int low = 0;
        int high = segments.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (segments.get(middle).start <= position) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** A range of an array as a part of one rope; several ropes may share the array. One thread at a time. */
    private static final class Segment {
        final byte[] bytes;
        final int from;
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
    }
}
