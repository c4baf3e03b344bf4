package dev.warder.proxy;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How many requests of each client are open. Holds only clients that have some. Thread-safe. */
final class ClientCounts {
    private final Map<String, Integer> counts = new ConcurrentHashMap<>();

    /** Counts one more request of {@code client}, unless it has {@code most} already. */
    boolean add(String client, int most) {
        boolean[] added = {false};
        counts.compute(client, (name, count) -> {
            int open = count == null ? 0 : count;
            added[0] = open < most;
            return added[0] ? Integer.valueOf(open + 1) : count;
        });
        return added[0];
    }

    /** Counts one request of {@code client} less. */
    void remove(String client) {
        counts.computeIfPresent(client, (name, count) -> count == 1 ? null : count - 1);
    }
}
