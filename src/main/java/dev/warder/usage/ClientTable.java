package dev.warder.usage;

import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A table that clients share. When it is full, the client that has most of it loses the entry that it used longest ago, so that
 * no client displaces another one's entries as long as it has more itself. Not thread-safe.
 */
final class ClientTable<K, V> {
    private final int most;
    private final Map<String, Map<K, V>> clients = new HashMap<>();
    private int size;

    ClientTable(int most) {
        this.most = most;
    }

    Optional<V> find(String client, K key) {
        return Optional.ofNullable(clients.getOrDefault(client, Map.of()).get(key));
    }

    /** @return how many entries of this client there are */
    int put(String client, K key, V value) {
        var own = clients.computeIfAbsent(client, none -> new LinkedHashMap<>(16, 0.75f, true));
        size += own.put(key, value) == null ? 1 : 0;
        if (size > most) {
            removeOldest();
        }
        return own.size();
    }

    private void removeOldest() {
        var largest = Collections.max(clients.values(), Comparator.comparingInt(Map::size));
        largest.remove(largest.keySet().iterator().next());
        size--;
        clients.values().removeIf(Map::isEmpty);
    }
}
