package dev.warder.body;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

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

    private final ReentrantLock lock = new ReentrantLock();
    private final int most;

    @GuardedBy("lock")
    private final List<byte[]> free = new ArrayList<>();

    /** The number of arrays that have been free all the time since the last {@link #trim}. */
    @GuardedBy("lock")
    private int unused;

    /** Creates a pool that keeps arrays of up to {@code bytes} in total. */
    public SegmentPool(long bytes) {
        most = (int) Math.min(bytes / SEGMENT, Integer.MAX_VALUE);
    }

    /** An array of 64 KiB with any content. */
    byte[] take() {
        lock.lock();
        try {
            int last = free.size() - 1;
            unused = Math.min(unused, Math.max(0, last));
            if (last >= 0) {
                return free.remove(last);
            }
        } finally {
            lock.unlock();
        }
        return new byte[SEGMENT];
    }

    void give(byte[] array) {
        lock.lock();
        try {
            if (array.length == SEGMENT && free.size() < most) {
                free.add(array);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Releases arrays until the kept arrays and {@code bytes} in use do not exceed the limit. */
    public void leaveRoomFor(long bytes) {
        lock.lock();
        try {
            int most = Math.max(0, this.most - (int) (bytes / SEGMENT));
            if (free.size() > most) {
                free.subList(most, free.size()).clear();
                unused = Math.min(unused, most);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Releases the arrays that were not taken since the last call. To be called every few seconds. */
    public void trim() {
        lock.lock();
        try {
            free.subList(0, unused).clear();
            unused = free.size();
        } finally {
            lock.unlock();
        }
    }

    /** The number of bytes in unused arrays. */
    public long free() {
        lock.lock();
        try {
            return (long) free.size() * SEGMENT;
        } finally {
            lock.unlock();
        }
    }
}
