package dev.warder.body;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Arrays of 64 KiB that collected bodies reuse one after the other. Arrays allocated for each body would reach the collector's
 * old generation by the time their body is sent, and fill the heap with unused memory.
 *
 * <p>The pool never holds more arrays than concurrent bodies used at once. It leaves room for bodies that have their own
 * arrays, and releases arrays that are not in use. An array still contains the bytes of the last body that used it.
 * Thread-safe.
 */
public final class SegmentPool {
    static final int SEGMENT = 64 * 1024;

    static final SegmentPool NONE = new SegmentPool(0);

    private final int most;

    @GuardedBy("this")
    private final List<byte[]> free = new ArrayList<>();

    /** The number of arrays that have been free all the time since the last {@link #trim}. */
    @GuardedBy("this")
    private int unused;

    /** Creates a pool that keeps arrays of up to {@code bytes} in total. */
    public SegmentPool(long bytes) {
        most = (int) Math.min(bytes / SEGMENT, Integer.MAX_VALUE);
    }

    /** An array of 64 KiB with any content. */
    byte[] take() {
        byte[] spare = poll();
        return spare == null ? new byte[SEGMENT] : spare;
    }

    private synchronized byte @Nullable [] poll() {
        int last = free.size() - 1;
        unused = Math.min(unused, Math.max(0, last));
        return last < 0 ? null : free.remove(last);
    }

    synchronized void give(byte[] array) {
        if (array.length == SEGMENT && free.size() < most) {
            free.add(array);
        }
    }

    /** Releases arrays until the kept arrays and {@code bytes} in use do not exceed the limit. */
    public synchronized void leaveRoomFor(long bytes) {
        int left = Math.max(0, most - (int) (bytes / SEGMENT));
        if (free.size() > left) {
            free.subList(left, free.size()).clear();
            unused = Math.min(unused, left);
        }
    }

    /** Releases the arrays that were not taken since the last call. To be called every few seconds. */
    public synchronized void trim() {
        free.subList(0, unused).clear();
        unused = free.size();
    }

    /** The number of bytes in unused arrays. */
    public synchronized long free() {
        return (long) free.size() * SEGMENT;
    }
}
