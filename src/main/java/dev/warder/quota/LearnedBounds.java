package dev.warder.quota;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * This node's knowledge of its clients' requests: the largest values of the last ones. Of all clients, those that have sent
 * a request last are remembered, and a client with many models does not replace others. Thread-safe; nothing waits.
 */
public final class LearnedBounds {
    private static final int MOST = BoundStore.MOST;

    /** A bound that is lower than what is kept is kept once in this time. */
    private static final long DAY = Duration.ofDays(1).toNanos();

    private final LongSupplier nanoTime;

    /** The clients, and the bounds of each, those that were used last at the end. */
    @GuardedBy("this")
    private final Map<String, Map<BoundKey, Entry>> clients = byUse();

    @GuardedBy("this")
    private int size;

    /** The knowledge of one key, and the part of it that was kept. Not thread-safe. */
    private static final class Entry {
        private final long size;

        /** The largest value of each of the last blocks, which have {@code size} values. */
        private final long[] blocks;

        private int at;
        private long inBlock;
        private long samples;
        private KeptBound kept;
        private long keptAt;

        Entry(BoundKey key, long now) {
            size = key.kind().size;
            blocks = new long[key.kind().blocks];
            kept = new KeptBound(key, 0, 0);
            keptAt = now;
        }

        void add(long value) {
            if (inBlock == size) {
                at = (at + 1) % blocks.length;
                blocks[at] = 0;
                inBlock = 0;
            }
            raise(value, 1);
            inBlock++;
        }

        /** Adds the largest of values that others had: it counts as long as a value that comes now. */
        void raise(long largest, long values) {
            blocks[at] = Math.max(blocks[at], largest);
            samples += values;
        }

        KeptBound now() {
            long largest = 0;
            for (long block : blocks) {
                largest = Math.max(largest, block);
            }
            return new KeptBound(kept.key(), largest, Math.min(KeptBound.MOST, samples));
        }

        boolean hasChanged() {
            return samples != kept.samples();
        }

        boolean isDue(long now) {
            return hasChanged() && (now().largest() > kept.largest() || now - keptAt >= DAY);
        }
    }

    /** @param nanoTime a clock that never goes back, in nanoseconds */
    public LearnedBounds(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    synchronized Optional<KeptBound> find(BoundKey key) {
        var known = clients.get(key.client());
        return Optional.ofNullable(known == null ? null : known.get(key)).map(Entry::now);
    }

    synchronized void add(BoundKey key, long value) {
        if (key.isStorable()) {
            entry(key).add(Math.max(0, Math.min(KeptBound.MOST, value)));
            limit(key.client());
        }
    }

    synchronized void addKept(List<KeptBound> all) {
        for (var bound : all) {
            var entry = entry(bound.key());
            entry.raise(bound.largest(), bound.samples());
            entry.kept = bound;
            limit(bound.key().client());
        }
    }

    /** The bounds to keep now, since a request may cost more than what is kept. */
    synchronized List<KeptBound> due() {
        long now = nanoTime.getAsLong();
        return entries().stream()
                .filter(entry -> entry.isDue(now))
                .map(Entry::now)
                .toList();
    }

    synchronized List<KeptBound> changed() {
        return entries().stream().filter(Entry::hasChanged).map(Entry::now).toList();
    }

    synchronized void kept(List<KeptBound> bounds) {
        long now = nanoTime.getAsLong();
        for (var bound : bounds) {
            var known = clients.get(bound.key().client());
            var entry = known == null ? null : known.get(bound.key());
            if (entry != null) {
                entry.kept = bound;
                entry.keptAt = now;
            }
        }
    }

    @GuardedBy("this")
    private List<Entry> entries() {
        var all = new ArrayList<Entry>();
        clients.values().forEach(each -> all.addAll(each.values()));
        return all;
    }

    @GuardedBy("this")
    private Entry entry(BoundKey key) {
        var known = clients.computeIfAbsent(key.client(), none -> byUse());
        var entry = known.get(key);
        if (entry == null) {
            entry = new Entry(key, nanoTime.getAsLong());
            known.put(key, entry);
            size++;
        }
        return entry;
    }

    @GuardedBy("this")
    private void limit(String client) {
        var known = clients.get(client);
        if (known != null && known.size() > BoundStore.MOST_OF_CLIENT) {
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
