package dev.warder.telemetry;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The memory for bodies of telemetry while they are read, apart from that for requests to models. One client has at most a half,
 * so that slow or large bodies of one client leave room for those of others. What finds no room is refused, and its sender tries
 * again later. Thread-safe.
 */
final class RoomBudget {
    private final long total;
    private final long share;

    @GuardedBy("this")
    private long used;

    @GuardedBy("this")
    private final Map<String, Long> byClient = new HashMap<>();

    /**
     * @param total bytes
     * @param least what one body can need, in bytes
     */
    RoomBudget(long total, long least) {
        this.total = Math.max(total, 2 * least);
        this.share = this.total / 2;
    }

    /** Room for a body; empty if there is none now. */
    synchronized Optional<Room> take(String client, long bytes) {
        return add(client, bytes) ? Optional.of(new Room(client, bytes)) : Optional.empty();
    }

    /** Bytes that are taken. */
    synchronized long used() {
        return used;
    }

    private synchronized boolean add(String client, long bytes) {
        long held = byClient.getOrDefault(client, 0L);
        if (used + bytes > total || held + bytes > share) {
            return false;
        }
        used += bytes;
        byClient.put(client, held + bytes);
        return true;
    }

    private synchronized void remove(String client, long bytes) {
        used -= bytes;
        byClient.computeIfPresent(client, (name, held) -> held == bytes ? null : held - bytes);
    }

    /** The room of one body. Thread-safe. */
    final class Room {
        private final String client;

        @GuardedBy("this")
        private long held;

        @GuardedBy("this")
        private boolean released;

        private Room(String client, long held) {
            this.client = client;
            this.held = held;
        }

        /** Takes more; false if there is none now. */
        synchronized boolean grow(long bytes) {
            if (released || !add(client, bytes)) {
                return false;
            }
            held += bytes;
            return true;
        }

        /** Takes more until it is at least {@code bytes} in all; false if there is no room for that now. */
        synchronized boolean growTo(long bytes) {
            return bytes <= held ? !released : grow(bytes - held);
        }

        /** Releases all of it; repeated calls have no effect. */
        synchronized void release() {
            if (!released) {
                released = true;
                remove(client, held);
            }
        }
    }
}
