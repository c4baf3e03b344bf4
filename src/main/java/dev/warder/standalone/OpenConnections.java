package dev.warder.standalone;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.logging.Logger;

/**
 * The open connections, and those among them that wait for a request head. Closes connections at the {@link ConnectionLimits}:
 * first the one with the oldest unfinished head, then the one that has been without a request for the longest time. The new
 * connection itself is closed only if every other connection has a request. Connections with a request are left to the
 * application's timeouts. Thread-safe.
 */
final class OpenConnections {
    private static final Logger LOG = Logger.getLogger(OpenConnections.class.getName());

    /** Heap of the fields of an unfinished head, in addition to their text: 100 fields, whose texts grow by doubling. */
    private static final int HEAP_OF_FIELDS = 16 * 1024;

    private static final int HEAP_PER_BYTE = 2;

    private final Object lock = new Object();
    private final ConnectionLimits limits;
    private final LongSupplier nanoTime;

    /** In the order in which they began to wait. */
    @GuardedBy("lock")
    private final Map<Peer, Waiting> heads = new LinkedHashMap<>();

    @GuardedBy("lock")
    private final Map<Peer, Waiting> kept = new LinkedHashMap<>();

    @GuardedBy("lock")
    private int open;

    @GuardedBy("lock")
    private long headMemory;

    @GuardedBy("lock")
    private int displaced;

    /** A connection. */
    interface Peer {
        /** Closes it without a response. */
        void drop();
    }

    /** When a connection began to wait, and the heap that its head occupies. */
    private record Waiting(long since, long memory) {}

    OpenConnections(ConnectionLimits limits, LongSupplier nanoTime) {
        this.limits = limits;
        this.nanoTime = nanoTime;
    }

    /** A connection was accepted and waits for its first request head. */
    void opened(Peer connection) {
        var victims = new ArrayList<Peer>();
        synchronized (lock) {
            open++;
            if (open > limits.connections()) {
                displaced++;
                victims.add(oldest().orElse(connection));
                victims.forEach(this::forget);
            }
            if (!victims.contains(connection)) {
                heads.put(connection, new Waiting(nanoTime.getAsLong(), 0));
            }
        }
        victims.forEach(Peer::drop);
    }

    void closed(Peer connection) {
        synchronized (lock) {
            open--;
            forget(connection);
        }
    }

    /** The connection waits for the rest of a request head; {@code bytes} of it have been received. */
    void awaitsHead(Peer connection, long bytes) {
        var victims = new ArrayList<Peer>();
        synchronized (lock) {
            kept.remove(connection);
            var before = heads.get(connection);
            long memory = bytes == 0 ? 0 : HEAP_OF_FIELDS + HEAP_PER_BYTE * bytes;
            headMemory += memory - (before == null ? 0 : before.memory());
            heads.put(connection, new Waiting(before == null ? nanoTime.getAsLong() : before.since(), memory));
            while (headMemory > limits.headMemory()) {
                var victim = oldestWithMemory();
                displaced++;
                victims.add(victim);
                forget(victim);
            }
        }
        victims.forEach(Peer::drop);
    }

    /** The connection has no request, and no part of one. */
    void awaitsRequest(Peer connection) {
        synchronized (lock) {
            kept.putIfAbsent(connection, new Waiting(nanoTime.getAsLong(), 0));
        }
    }

    /** The head of a request is complete. */
    void hasRequest(Peer connection) {
        synchronized (lock) {
            forget(connection);
        }
    }

    /**
     * Closes connections that have waited too long, and logs how many were closed at a limit since the last call. To be called
     * every second.
     */
    void sweep() {
        var late = new ArrayList<Peer>();
        int gaveWay;
        synchronized (lock) {
            collectLate(heads, limits.headTime(), late);
            collectLate(kept, limits.keptTime(), late);
            late.forEach(this::forget);
            gaveWay = displaced;
            displaced = 0;
        }
        late.forEach(Peer::drop);
        if (gaveWay > 0) {
            LOG.warning("Connections without a complete request closed at the limit of " + limits.connections()
                    + " connections or " + limits.headMemory() + " bytes of request heads: " + gaveWay);
        }
    }

    @GuardedBy("lock")
    private void collectLate(Map<Peer, Waiting> waiting, Duration time, List<Peer> late) {
        long now = nanoTime.getAsLong();
        for (var entry : waiting.entrySet()) {
            if (now - entry.getValue().since() < time.toNanos()) {
                return;
            }
            late.add(entry.getKey());
        }
    }

    @GuardedBy("lock")
    private Optional<Peer> oldest() {
        return heads.keySet().stream().findFirst().or(() -> kept.keySet().stream()
                .findFirst());
    }

    @GuardedBy("lock")
    private Peer oldestWithMemory() {
        return heads.entrySet().stream()
                .filter(entry -> entry.getValue().memory() > 0)
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    @GuardedBy("lock")
    private void forget(Peer connection) {
        var head = heads.remove(connection);
        if (head != null) {
            headMemory -= head.memory();
        }
        kept.remove(connection);
    }
}
