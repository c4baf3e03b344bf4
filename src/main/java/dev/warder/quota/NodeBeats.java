package dev.warder.quota;

import dev.warder.ledger.lease.LeaseStore;
import dev.warder.quota.LeaseKeeper.LeaseEvents;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The living nodes: reports this one, counts them, and takes over what nodes have left that no longer live. One
 * thread at a time.
 */
final class NodeBeats {
    private static final Logger LOG = LoggerFactory.getLogger(NodeBeats.class);

    private static final long BEAT = Duration.ofSeconds(5).toNanos();

    /** Without a beat for this long, by this node's own clock, another node is dead. */
    private static final long DEAD = Duration.ofSeconds(35).toNanos();

    private final LeaseStore store;
    private final LeaseEvents events;
    private final LongSupplier nanoTime;
    private final Map<UUID, Beat> beats = new HashMap<>();
    private String node = "";
    private UUID run;
    private @Nullable UUID abandoned;
    private int nodes = 1;
    private long beatAt;

    private record Beat(long count, long since) {}

    /**
     * Creates it; the first beat is due at once.
     *
     * @param run identifies this start of the node
     * @param events receives each beat that succeeds
     */
    NodeBeats(LeaseStore store, UUID run, LeaseEvents events, LongSupplier nanoTime) {
        this.store = store;
        this.run = run;
        this.events = events;
        this.nanoTime = nanoTime;
        beatAt = nanoTime.getAsLong() - BEAT;
    }

    void name(String name) {
        node = name;
    }

    UUID run() {
        return run;
    }

    /** How many nodes share the budgets; at least 1. */
    int nodes() {
        return nodes;
    }

    /** The database counts this node as dead, which continues under this id. */
    void begin(UUID next) {
        abandoned = run;
        run = next;
    }

    /** Whether the database has another run of this node: it was killed, or has not given back all yet. */
    boolean hasEarlierRuns() throws SQLException {
        return store.runsOf(node).stream().anyMatch(before -> !before.equals(run));
    }

    void reapEarlierRuns() throws SQLException {
        for (var before : store.runsOf(node)) {
            if (!before.equals(run)) {
                LOG.info("Budgets: {} leases of an earlier run of this node were taken over", store.reap(before));
            }
        }
    }

    void reapAbandoned() throws SQLException {
        if (abandoned != null) {
            LOG.debug("{} further leases were taken over", store.reap(abandoned));
            abandoned = null;
        }
    }

    boolean isDue(long now) {
        return now - beatAt >= BEAT;
    }

    void beat(long now) throws SQLException {
        boolean asleep = now - beatAt >= 3 * BEAT;
        store.beat(run, node);
        countNodes();
        var current = store.beats();
        beatAt = now;
        beats.keySet().retainAll(current.keySet());
        if (asleep) {
            // Others could not beat either, as on a host that was paused, or while the database was away.
            beats.clear();
        }
        for (var each : current.entrySet()) {
            look(each.getKey(), each.getValue(), now);
        }
    }

    private void countNodes() throws SQLException {
        long asked = nanoTime.getAsLong();
        var live = store.liveNodes();
        nodes = Math.max(1, live.count());
        events.beat(live, asked, nanoTime.getAsLong());
    }

    private void look(UUID other, long count, long now) throws SQLException {
        var known = beats.get(other);
        if (known == null || known.count() != count) {
            beats.put(other, new Beat(count, now));
        } else if (!other.equals(run) && now - known.since() >= DEAD) {
            LOG.warn("Budgets: {} leases of a node that no longer lives were taken over", store.reap(other));
            beats.remove(other);
        }
    }
}
