package dev.warder.upstream.h2;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The places for streams on one connection. A stream first waits, then it is open, and perhaps abandoned, until it has
 * ended. No stream is added to a connection that is being left, or that has an abandoned one. Thread-safe.
 */
final class StreamSlots {
    /** More streams on one connection would gain nothing, and make its loss worse. */
    private static final int MOST = 100;

    @GuardedBy("this")
    private final List<SharedStream> waiting = new ArrayList<>();

    @GuardedBy("this")
    private final Set<SharedStream> open = new HashSet<>();

    @GuardedBy("this")
    private final Set<SharedStream> abandoned = new HashSet<>();

    @GuardedBy("this")
    private int capacity = MOST;

    @GuardedBy("this")
    private boolean ready;

    @GuardedBy("this")
    private boolean leaving;

    @GuardedBy("this")
    private long changed;

    StreamSlots(long now) {
        changed = now;
    }

    /** Adds a stream to those that wait here; false when there is no place for it. */
    synchronized boolean take(SharedStream stream) {
        boolean free = !leaving && abandoned.isEmpty() && open.size() + waiting.size() < capacity;
        return free && waiting.add(stream);
    }

    /** Streams can be opened from now on, this many at once. Negative: as many as before. */
    synchronized void open(long most) {
        ready = true;
        if (most >= 0) {
            capacity = (int) Math.max(1, Math.min(most, MOST));
        }
    }

    synchronized List<SharedStream> openWaiting() {
        int free = ready && !leaving ? Math.max(0, capacity - open.size()) : 0;
        var first = waiting.subList(0, Math.min(free, waiting.size()));
        var opened = List.copyOf(first);
        first.clear();
        open.addAll(opened);
        return opened;
    }

    /**
     * Removes and returns the waiting streams that cannot be opened soon: those above the limit, or all when leaving.
     */
    synchronized List<SharedStream> removeUnplaced() {
        return ready || leaving ? removeWaiting() : List.of();
    }

    synchronized void leave() {
        leaving = true;
    }

    /** Leaves, and returns the open streams above {@code lastId}, which the upstream has abandoned. */
    synchronized List<SharedStream> leave(int lastId) {
        leaving = true;
        var refused = open.stream().filter(stream -> stream.id() > lastId).toList();
        abandoned.addAll(refused);
        return refused;
    }

    /** The exchange no longer needs this stream. Returns whether the stream was waiting, and so is removed. */
    synchronized boolean abandon(SharedStream stream, long now) {
        if (open.contains(stream) && abandoned.add(stream)) {
            changed = now;
        }
        return waiting.remove(stream);
    }

    synchronized void ended(SharedStream stream, long now) {
        open.remove(stream);
        abandoned.remove(stream);
        changed = now;
    }

    synchronized boolean isReady() {
        return ready;
    }

    synchronized boolean isLeft() {
        return leaving;
    }

    synchronized boolean isEmpty() {
        return open.isEmpty() && waiting.isEmpty();
    }

    synchronized boolean isFull() {
        return open.size() >= capacity;
    }

    /**
     * Whether no stream is here, and either the connection is being left or no stream was here since {@code since}. If
     * so, no stream is added after this call.
     */
    synchronized boolean leaveIfIdle(long since) {
        leaving |= isEmpty() && changed - since < 0;
        return leaving && isEmpty();
    }

    /** Whether only abandoned streams are left, all of them since before {@code since}. */
    synchronized boolean isDeserted(long since) {
        boolean alone = !abandoned.isEmpty() && abandoned.size() == open.size() && waiting.isEmpty();
        return alone && changed - since < 0;
    }

    @GuardedBy("this")
    private List<SharedStream> removeWaiting() {
        var removed = List.copyOf(waiting);
        waiting.clear();
        return removed;
    }
}
