package dev.warder.upstream.h2;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The places for streams on one connection. A stream first waits, then it is open, and perhaps abandoned, until it has
 * ended. No stream is added to a connection that is being left, or that has an abandoned one. Thread-safe.
 */
final class StreamSlots {
    /** More streams on one connection would gain nothing, and make its loss worse. */
    private static final int MOST = 100;

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final List<SharedStream> waiting = new ArrayList<>();

    @GuardedBy("lock")
    private final Set<SharedStream> open = new HashSet<>();

    @GuardedBy("lock")
    private final Set<SharedStream> abandoned = new HashSet<>();

    @GuardedBy("lock")
    private int capacity = MOST;

    @GuardedBy("lock")
    private boolean ready;

    @GuardedBy("lock")
    private boolean leaving;

    @GuardedBy("lock")
    private long changed;

    StreamSlots(long now) {
        changed = now;
    }

    /** Adds a stream to those that wait here; false when there is no place for it. */
    boolean take(SharedStream stream) {
        lock.lock();
        try {
            boolean free = !leaving && abandoned.isEmpty() && open.size() + waiting.size() < capacity;
            return free && waiting.add(stream);
        } finally {
            lock.unlock();
        }
    }

    /** Streams can be opened from now on, this many at once. Negative: as many as before. */
    void open(long most) {
        lock.lock();
        try {
            ready = true;
            if (most >= 0) {
                capacity = (int) Math.max(1, Math.min(most, MOST));
            }
        } finally {
            lock.unlock();
        }
    }

    List<SharedStream> openWaiting() {
        lock.lock();
        try {
            int free = ready && !leaving ? Math.max(0, capacity - open.size()) : 0;
            var first = waiting.subList(0, Math.min(free, waiting.size()));
            var opened = List.copyOf(first);
            first.clear();
            open.addAll(opened);
            return opened;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Removes and returns the waiting streams that cannot be opened soon: those above the limit, or all when leaving.
     */
    List<SharedStream> removeUnplaced() {
        lock.lock();
        try {
            return ready || leaving ? removeWaiting() : List.of();
        } finally {
            lock.unlock();
        }
    }

    void leave() {
        lock.lock();
        try {
            leaving = true;
        } finally {
            lock.unlock();
        }
    }

    /** Leaves, and returns the open streams above {@code lastId}, which the upstream has abandoned. */
    List<SharedStream> leave(int lastId) {
        lock.lock();
        try {
            leaving = true;
            var refused = open.stream().filter(stream -> stream.id() > lastId).toList();
            abandoned.addAll(refused);
            return refused;
        } finally {
            lock.unlock();
        }
    }

    /** The exchange no longer needs this stream. Returns whether the stream was waiting, and so is removed. */
    boolean abandon(SharedStream stream, long now) {
        lock.lock();
        try {
            if (open.contains(stream) && abandoned.add(stream)) {
                changed = now;
            }
            return waiting.remove(stream);
        } finally {
            lock.unlock();
        }
    }

    void ended(SharedStream stream, long now) {
        lock.lock();
        try {
            open.remove(stream);
            abandoned.remove(stream);
            changed = now;
        } finally {
            lock.unlock();
        }
    }

    boolean isReady() {
        lock.lock();
        try {
            return ready;
        } finally {
            lock.unlock();
        }
    }

    boolean isLeft() {
        lock.lock();
        try {
            return leaving;
        } finally {
            lock.unlock();
        }
    }

    boolean isEmpty() {
        lock.lock();
        try {
            return open.isEmpty() && waiting.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    boolean isFull() {
        lock.lock();
        try {
            return open.size() >= capacity;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Whether no stream is here, and either the connection is being left or no stream was here since {@code since}. If
     * so, no stream is added after this call.
     */
    boolean leaveIfIdle(long since) {
        lock.lock();
        try {
            leaving |= isEmpty() && changed - since < 0;
            return leaving && isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Whether only abandoned streams are left, all of them since before {@code since}. */
    boolean isDeserted(long since) {
        lock.lock();
        try {
            boolean alone = !abandoned.isEmpty() && abandoned.size() == open.size() && waiting.isEmpty();
            return alone && changed - since < 0;
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private List<SharedStream> removeWaiting() {
        var removed = List.copyOf(waiting);
        waiting.clear();
        return removed;
    }
}
