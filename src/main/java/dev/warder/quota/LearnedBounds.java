package dev.warder.quota;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * This node's knowledge of its clients' requests: the largest values of the last ones. Of all clients, those that have sent
 * a request last are remembered, and a client with many models does not replace others. Thread-safe; nothing waits.
 */
public final class LearnedBounds {
    static final int MOST = 10_000;
    static final int MOST_OF_CLIENT = 100;

    /** The most characters of a model's name, which is the client's choice. */
    private static final int LONGEST = 256;

    /** The clients, and the bounds of each, those that were used last at the end. */
    @GuardedBy("this")
    private final Map<String, Map<BoundKey, Entry>> clients = byUse();

    @GuardedBy("this")
    private int size;

    /** The largest value of requests, and how many there were. */
    record Largest(long value, long samples) {}

    /** The knowledge of one key. Not thread-safe. */
    private static final class Entry {
        private final long size;

        /** The largest value of each of the last blocks, which have {@code size} values. */
        private final long[] blocks;

        private int at;
        private long inBlock;
        private long samples;

        Entry(BoundKey key) {
            size = key.kind().size;
            blocks = new long[key.kind().blocks];
        }

        void add(long value) {
            if (inBlock == size) {
                at = (at + 1) % blocks.length;
                blocks[at] = 0;
                inBlock = 0;
            }
            blocks[at] = Math.max(blocks[at], value);
            samples++;
            inBlock++;
        }

        Largest now() {
            return new Largest(LongStream.of(blocks).max().orElse(0), samples);
        }
    }

    synchronized Optional<Largest> find(BoundKey key) {
        var known = clients.get(key.client());
        return Optional.ofNullable(known == null ? null : known.get(key)).map(Entry::now);
    }

    synchronized void add(BoundKey key, long value) {
        if (key.model().length() > LONGEST) {
            return;
        }
        var known = clients.computeIfAbsent(key.client(), none -> byUse());
        size += known.containsKey(key) ? 0 : 1;
        known.computeIfAbsent(key, Entry::new).add(value);
        if (known.size() > MOST_OF_CLIENT) {
            removeOldest(known);
        }
        if (size > MOST) {
            var oldest = clients.entrySet().iterator().next();
            removeOldest(oldest.getValue());
            if (oldest.getValue().isEmpty()) {
                clients.remove(oldest.getKey());
            }
        }
    }

    @GuardedBy("this")
    private void removeOldest(Map<BoundKey, Entry> of) {
        of.remove(of.keySet().iterator().next());
        size--;
    }

    private static <K, V> Map<K, V> byUse() {
        return new LinkedHashMap<>(16, 0.75f, true);
    }
}
