package dev.warder.standalone;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.logging.Logger;

/**
 * The open connections, by what they wait for. Closes connections at the {@link ConnectionLimits}: first the one whose request was
 * answered longest ago while its body still comes, then the one with the oldest unfinished head, then the one with the oldest
 * request that no client is known for, then the one that has been without a request for the longest time. The new connection itself
 * is closed only if every other one has a request of a client; these are left to the application's timeouts. Thread-safe.
 */
final class OpenConnections {
    private static final Logger LOG = Logger.getLogger(OpenConnections.class.getName());

    /** Heap of the fields of an unfinished head, in addition to their text: 100 fields, whose texts grow by doubling. */
    private static final int HEAP_OF_FIELDS = 16 * 1024;

    private static final int HEAP_PER_BYTE = 2;

    private final Object lock = new Object();
    private final ConnectionLimits limits;
    private final LongSupplier nanoTime;

    @GuardedBy("lock")
    private final Set<Peer> open = new HashSet<>();

    /** In the order in which they began to wait. */
    @GuardedBy("lock")
    private final Map<Peer, Waiting> heads = new LinkedHashMap<>();

    @GuardedBy("lock")
    private final Map<Peer, Waiting> kept = new LinkedHashMap<>();

    /** In the order of their requests; those of clients are taken out when one of a stranger is looked for. */
    @GuardedBy("lock")
    private final Set<Peer> requests = new LinkedHashSet<>();

    @GuardedBy("lock")
    private final Set<Peer> owing = new LinkedHashSet<>();

    @GuardedBy("lock")
    private long headMemory;

    @GuardedBy("lock")
    private int displaced;

    @GuardedBy("lock")
    private int answered;

    @GuardedBy("lock")
    private int turnedAway;

    /** A connection. Thread-safe. */
    interface Peer {
        void drop();

        boolean isClients();
    }

    /** When a connection began to wait, and the heap that its head occupies. */
    private record Waiting(long since, long memory) {}

    OpenConnections(ConnectionLimits limits, LongSupplier nanoTime) {
        this.limits = limits;
        this.nanoTime = nanoTime;
    }

    void opened(Peer connection) {
        var victims = new ArrayList<Peer>();
        synchronized (lock) {
            open.add(connection);
            if (open.size() > limits.connections()) {
                victims.add(victim(connection));
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
            open.remove(connection);
            forget(connection);
        }
    }

    /** The connection waits for the rest of a request head; {@code bytes} of it have been received. */
    void awaitsHead(Peer connection, long bytes) {
        var victims = new ArrayList<Peer>();
        synchronized (lock) {
            if (!open.contains(connection)) {
                return;
            }
            requests.remove(connection);
            owing.remove(connection);
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

    void awaitsRequest(Peer connection) {
        synchronized (lock) {
            if (open.contains(connection)) {
                requests.remove(connection);
                owing.remove(connection);
                kept.putIfAbsent(connection, new Waiting(nanoTime.getAsLong(), 0));
            }
        }
    }

    void hasRequest(Peer connection) {
        synchronized (lock) {
            forget(connection);
            if (open.contains(connection)) {
                requests.add(connection);
            }
        }
    }

    void owesBody(Peer connection) {
        synchronized (lock) {
            if (open.contains(connection)) {
                requests.remove(connection);
                owing.add(connection);
            }
        }
    }

    /**
     * Closes connections that have waited too long, and logs how many were closed at a limit since the last call. To be called
     * every second.
     */
    void sweep() {
        var late = new ArrayList<Peer>();
        int heads;
        int bodies;
        int none;
        synchronized (lock) {
            collectLate(this.heads, limits.headTime(), late);
            collectLate(kept, limits.keptTime(), late);
            late.forEach(this::forget);
            heads = displaced;
            bodies = answered;
            none = turnedAway;
            displaced = 0;
            answered = 0;
            turnedAway = 0;
        }
        late.forEach(Peer::drop);
        if (heads > 0) {
            LOG.warning("Connections without a complete request closed at the limit of " + limits.connections()
                    + " connections or " + limits.headMemory() + " bytes of request heads: " + heads);
        }
        if (bodies > 0 || none > 0) {
            LOG.warning("At the limit of " + limits.connections()
                    + " connections, closed with a request without a client or an"
                    + " answered one whose body still came: " + bodies + "; new ones closed: " + none);
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
    private Peer victim(Peer added) {
        if (!owing.isEmpty()) {
            answered++;
            return owing.iterator().next();
        }
        if (!heads.isEmpty()) {
            displaced++;
            return heads.keySet().iterator().next();
        }
        var strangers = requests.iterator();
        while (strangers.hasNext()) {
            var request = strangers.next();
            if (!request.isClients()) {
                answered++;
                return request;
            }
            strangers.remove();
        }
        if (!kept.isEmpty()) {
            displaced++;
            return kept.keySet().iterator().next();
        }
        turnedAway++;
        return added;
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
        requests.remove(connection);
        owing.remove(connection);
    }

    /**
     * Limits for connections without a complete request, which no limit of the application covers.
     *
     * @param connections open connections; at this number a new connection replaces the oldest unfinished request head
     * @param headMemory bytes of heap for all unfinished request heads together
     * @param headTime time from the first byte of a request head, or from the start of a connection, to the head's last byte
     * @param keptTime time that a connection without a request is kept
     */
    record ConnectionLimits(int connections, long headMemory, Duration headTime, Duration keptTime) {
        /** Four times the heap of a connection without a request, and a little more. */
        private static final int HEAP_PER_CONNECTION = 32 * 1024;

        private static final int HEAP_SHARE_OF_HEADS = 8;

        /** Open files that are not connections: jars, libraries, logs, selectors. */
        private static final int OTHER_FILES = 256;

        private static final int LEAST_CONNECTIONS = 64;
        private static final Duration HEAD_TIME = Duration.ofSeconds(20);

        /** Longer than front ends usually keep a connection (60 s), so that they close it first. */
        private static final Duration KEPT_TIME = Duration.ofMinutes(2);

        static ConnectionLimits ofThisMachine() {
            long files = ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                    ? unix.getMaxFileDescriptorCount()
                    : Integer.MAX_VALUE;
            return of(Runtime.getRuntime().maxMemory(), files);
        }

        /**
         * The limits for a heap of {@code heap} bytes and {@code files} open files. Half of the files are left for
         * connections to the upstream.
         */
        static ConnectionLimits of(long heap, long files) {
            long connections = Math.min(heap / HEAP_PER_CONNECTION, (files - OTHER_FILES) / 2);
            int bounded = (int) Math.max(LEAST_CONNECTIONS, Math.min(connections, Integer.MAX_VALUE));
            return new ConnectionLimits(bounded, heap / HEAP_SHARE_OF_HEADS, HEAD_TIME, KEPT_TIME);
        }
    }
}
