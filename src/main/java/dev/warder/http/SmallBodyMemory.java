package dev.warder.http;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Memory for small bodies of one kind, such as telemetry, apart from that for requests to models. One client has at most a half,
 * so that slow or large bodies of one client leave memory to those of others. A body that finds no memory is refused, and the
 * client may send it again later. Thread-safe.
 */
public final class SmallBodyMemory {
    private final long total;
    private final long share;

    @GuardedBy("this")
    private long used;

    @GuardedBy("this")
    private final Map<String, Long> byClient = new HashMap<>();

    /** @param total bytes, at least what one body can need */
    public SmallBodyMemory(long total) {
        this.total = total;
        this.share = total / 2;
    }

    public synchronized Optional<Reservation> take(String client, long bytes) {
        return add(client, bytes) ? Optional.of(new Reservation(client, bytes)) : Optional.empty();
    }

    synchronized Optional<Reservation> takeOnly(String client, long bytes) {
        return byClient.containsKey(client) ? Optional.empty() : take(client, bytes);
    }

    /** Bytes that are taken. */
    public synchronized long used() {
        return used;
    }

    synchronized boolean isWithinShare(String client, long bytes) {
        return byClient.getOrDefault(client, 0L) + bytes <= share;
    }

    private synchronized boolean add(String client, long bytes) {
        boolean fits = used + bytes <= total && isWithinShare(client, bytes);
        if (fits) {
            count(client, bytes);
        }
        return fits;
    }

    @GuardedBy("this")
    private void count(String client, long bytes) {
        used += bytes;
        byClient.merge(client, bytes, Long::sum);
    }

    private synchronized void remove(Reservation reservation, long bytes) {
        used -= bytes;
        byClient.computeIfPresent(reservation.client, (name, held) -> held == bytes ? null : held - bytes);
    }

    /** The memory of one body. Thread-safe. */
    public final class Reservation {
        private final String client;

        @GuardedBy("this")
        private long held;

        @GuardedBy("this")
        private boolean released;

        private Reservation(String client, long held) {
            this.client = client;
            this.held = held;
        }

        public synchronized boolean grow(long bytes) {
            if (released || !add(client, bytes)) {
                return false;
            }
            held += bytes;
            return true;
        }

        public synchronized void release() {
            if (!released) {
                released = true;
                remove(this, held);
            }
        }
    }
}
