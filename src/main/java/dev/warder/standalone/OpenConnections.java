package dev.warder.standalone;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
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
    private final AtomicInteger displaced = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger turnedAway = new AtomicInteger();

    @GuardedBy("lock")
    private final Map<Peer, Place> open = new HashMap<>();

    /** This set and the next three have their connections in the order in which they came to them. */
    @GuardedBy("lock")
    private final Set<Place> heads = new LinkedHashSet<>();

    @GuardedBy("lock")
    private final Set<Place> kept = new LinkedHashSet<>();

    /** The connections of clients leave this set when one of a stranger is looked for. */
    @GuardedBy("lock")
    private final Set<Place> requests = new LinkedHashSet<>();

    @GuardedBy("lock")
    private final Set<Place> owing = new LinkedHashSet<>();

    @GuardedBy("lock")
    private long headMemory;

    /** A connection. Thread-safe. */
    interface Peer {
        void drop();

        boolean isClients();
    }

    /** A connection, among which it is since when, and the heap that its head occupies. Guarded by the lock. */
    private static final class Place {
        private final Peer peer;
        private Set<Place> among;
        private long since;
        private long memory;

        Place(Peer peer, Set<Place> among) {
            this.peer = peer;
            this.among = among;
        }
    }

    OpenConnections(ConnectionLimits limits, LongSupplier nanoTime) {
        this.limits = limits;
        this.nanoTime = nanoTime;
    }

    void opened(Peer connection) {
        var victims = new ArrayList<Place>();
        synchronized (lock) {
            var added = new Place(connection, heads);
            open.put(connection, added);
            if (open.size() > limits.connections()) {
                victims.add(victim(added));
                victims.forEach(this::forget);
            }
            if (!victims.contains(added)) {
                move(connection, heads);
            }
        }
        drop(victims);
    }

    void closed(Peer connection) {
        synchronized (lock) {
            var place = open.remove(connection);
            if (place != null) {
                forget(place);
            }
        }
    }

    /** The connection waits for the rest of a request head; {@code bytes} of it have been received. */
    void awaitsHead(Peer connection, long bytes) {
        var victims = new ArrayList<Place>();
        synchronized (lock) {
            move(connection, heads);
            var place = open.get(connection);
            if (place == null) {
                return;
            }
            long memory = bytes == 0 ? 0 : HEAP_OF_FIELDS + HEAP_PER_BYTE * bytes;
            headMemory += memory - place.memory;
            place.memory = memory;
            while (headMemory > limits.headMemory()) {
                var victim = heads.stream()
                        .filter(each -> each.memory > 0)
                        .findFirst()
                        .orElseThrow();
                displaced.incrementAndGet();
                victims.add(victim);
                forget(victim);
            }
        }
        drop(victims);
    }

    void awaitsRequest(Peer connection) {
        synchronized (lock) {
            move(connection, kept);
        }
    }

    void hasRequest(Peer connection) {
        synchronized (lock) {
            move(connection, requests);
        }
    }

    void owesBody(Peer connection) {
        synchronized (lock) {
            move(connection, owing);
        }
    }

    /**
     * Closes connections that have waited too long, and logs how many were closed at a limit since the last call. To be called
     * every second.
     */
    void sweep() {
        var late = new ArrayList<Place>();
        synchronized (lock) {
            collectLate(heads, limits.headTime(), late);
            collectLate(kept, limits.keptTime(), late);
            late.forEach(this::forget);
        }
        drop(late);
        int unfinished = displaced.getAndSet(0);
        int bodies = answered.getAndSet(0);
        int none = turnedAway.getAndSet(0);
        if (unfinished > 0) {
            LOG.warning("Connections without a complete request closed at the limit of " + limits.connections()
                    + " connections or " + limits.headMemory() + " bytes of request heads: " + unfinished);
        }
        if (bodies > 0 || none > 0) {
            LOG.warning("At the limit of " + limits.connections()
                    + " connections, closed with a request without a client or an"
                    + " answered one whose body still came: " + bodies + "; new ones closed: " + none);
        }
    }

    private static void drop(List<Place> victims) {
        victims.forEach(victim -> victim.peer.drop());
    }

    @GuardedBy("lock")
    private void collectLate(Set<Place> waiting, Duration time, List<Place> late) {
        long now = nanoTime.getAsLong();
        waiting.stream().takeWhile(place -> now - place.since >= time.toNanos()).forEach(late::add);
    }

    @GuardedBy("lock")
    private Place victim(Place added) {
        if (!owing.isEmpty()) {
            answered.incrementAndGet();
            return owing.iterator().next();
        }
        if (!heads.isEmpty()) {
            displaced.incrementAndGet();
            return heads.iterator().next();
        }
        var strangers = requests.iterator();
        while (strangers.hasNext()) {
            var request = strangers.next();
            if (!request.peer.isClients()) {
                answered.incrementAndGet();
                return request;
            }
            strangers.remove();
        }
        if (!kept.isEmpty()) {
            displaced.incrementAndGet();
            return kept.iterator().next();
        }
        turnedAway.incrementAndGet();
        return added;
    }

    @GuardedBy("lock")
    private void forget(Place place) {
        place.among.remove(place);
        headMemory -= place.memory;
        place.memory = 0;
    }

    /** Without effect on a connection that is there already, or was closed. */
    @GuardedBy("lock")
    private void move(Peer connection, Set<Place> to) {
        var place = open.get(connection);
        if (place != null && !to.contains(place)) {
            forget(place);
            to.add(place);
            place.among = to;
            place.since = nanoTime.getAsLong();
        }
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
