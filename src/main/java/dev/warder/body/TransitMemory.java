package dev.warder.body;

import dev.warder.body.MemoryBudget.Transit;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The bytes that exchanges hold in transit, by client. One thread at a time: guarded by the lock of {@link MemoryBudget}. */
final class TransitMemory {
    private static final Comparator<Transit> BY_MOVE = (one, other) -> one.moved == other.moved
            ? Long.compare(one.number, other.number)
            : Long.compare(one.moved - other.moved, 0);

    /** The exchanges of one client that have bytes in transit, the slowest first. */
    static final class Holder {
        final MemoryBudget.MemoryShare share;
        private final TreeSet<Transit> slowest = new TreeSet<>(BY_MOVE);
        long held;

        private Holder(MemoryBudget.MemoryShare share) {
            this.share = share;
        }
    }

    private final Map<String, Holder> clients = new HashMap<>();
    private long held;

    void hold(Transit transit, long bytes, long moved) {
        var client = clients.computeIfAbsent(transit.share.client(), name -> new Holder(transit.share));
        client.slowest.remove(transit);
        client.held += bytes - transit.held;
        held += bytes - transit.held;
        transit.held = bytes;
        transit.moved = moved;
        if (bytes > 0) {
            client.slowest.add(transit);
        } else if (client.slowest.isEmpty()) {
            clients.remove(transit.share.client());
        }
    }

    long held() {
        return held;
    }

    long held(String client) {
        var holder = clients.get(client);
        return holder == null ? 0 : holder.held;
    }

    Collection<Holder> clients() {
        return clients.values();
    }

    /** The slowest exchange of the client that holds most; null where it has moved within {@code grace} nanoseconds. */
    @Nullable
    Transit slowest(long now, long grace) {
        return clients.values().stream()
                .max(Comparator.comparingLong(client -> client.held))
                .map(client -> slowest(client, now, grace))
                .orElse(null);
    }

    /** The slowest exchange of one client; null where it has moved within {@code grace} nanoseconds. */
    @Nullable
    Transit slowest(Holder client, long now, long grace) {
        return client.slowest.isEmpty() || now - client.slowest.first().moved < grace ? null : client.slowest.first();
    }
}
