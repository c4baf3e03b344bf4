package dev.warder.prices;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * What was calculated before, for a limited number of keys: clients choose the names of models. At the
 * limit all is forgotten, so that names that one client makes up do not slow the others for long. Thread-safe.
 */
final class Remembered<K, V> {
    private static final int MOST = 1_000;

    private final Map<K, V> known = new ConcurrentHashMap<>();
    private final Function<K, V> calculate;

    /** @param calculate always gives the same for a key, and never null */
    Remembered(Function<K, V> calculate) {
        this.calculate = calculate;
    }

    /** The value of {@code key}. */
    V get(K key) {
        V found = known.get(key);
        if (found == null) {
            found = calculate.apply(key);
            if (known.size() >= MOST) {
                known.clear();
            }
            known.put(key, found);
        }
        return found;
    }
}
