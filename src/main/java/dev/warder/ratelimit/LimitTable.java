package dev.warder.ratelimit;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The limits that were used in the last minutes. Not thread-safe: {@link Limits} has the lock. */
final class LimitTable {
    private static final long SWEEP_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Map<LimitOwner, Map<LimitKind, Limit>> all = new HashMap<>();

    /** How soon the database is asked to take back what is not used here. */
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** Those about which the database may have to know more now: each is marked, so that it is here once. */
    private List<Bucket> buckets = new ArrayList<>();

    private List<Slots> slots = new ArrayList<>();

    /** Those that this node has a part of, the one first whose last look is the longest ago: each access puts one last. */
    private final Map<Limit, Boolean> kept = new LinkedHashMap<>(16, 0.75f, true);

    private final Sharing sharing;
    private long sweptAt;
    private boolean used;

    LimitTable(Sharing sharing, long now) {
        this.sharing = sharing;
        this.sweptAt = now;
    }

    /** The limits that requests have needed of an owner. */
    Map<LimitKind, Limit> of(LimitOwner owner, long now) {
        used = true;
        sweep(now);
        return all.computeIfAbsent(owner, first -> new EnumMap<>(LimitKind.class));
    }

    /** The limit that a request needs, among those of its owner. */
    Limit of(Map<LimitKind, Limit> owned, Need need, long now) {
        var kind = need.key().kind();
        var limit = owned.get(kind);
        if (limit == null) {
            limit = create(need, now);
            owned.put(kind, limit);
        }
        limit.use().used(now);
        limit.adopt(need.size(), now);
        return limit;
    }

    private Limit create(Need need, long now) {
        return need.key().kind() == LimitKind.CONCURRENT
                ? new Slots(need.key(), need.size(), sharing, now)
                : new Bucket(need.key(), need.size(), sharing, now);
    }

    private void sweep(long now) {
        if (now - sweptAt >= SWEEP_NANOS) {
            sweptAt = now;
            all.values().forEach(owned -> owned.values().removeIf(limit -> canBeForgotten(limit, now)));
            all.values().removeIf(Map::isEmpty);
        }
    }

    private boolean canBeForgotten(Limit limit, long now) {
        return limit.isIdle(now) && !limit.use().isMarked() && !kept.containsKey(limit);
    }

    /** Something was taken of it or is lacking. */
    void changed(Limit limit) {
        if (sharing.isShared() && limit.use().mark()) {
            putBack(limit);
        }
    }

    /** One that was taken is still to be looked at. */
    void putBack(Limit limit) {
        if (limit instanceof Bucket bucket) {
            buckets.add(bucket);
        } else if (limit instanceof Slots slot) {
            slots.add(slot);
        }
    }

    /**
     * Takes the buckets about which the database may have to know more. Each of them is to be passed to {@link #looked}, {@link
     * #settled} or {@link #putBack}.
     */
    List<Bucket> takeBuckets(long now) {
        markKept(now);
        var due = buckets;
        buckets = new ArrayList<>();
        return due;
    }

    /** The same for slots. */
    List<Slots> takeSlots(long now) {
        markKept(now);
        var due = slots;
        slots = new ArrayList<>();
        return due;
    }

    private void markKept(long now) {
        for (var limit : kept.keySet()) {
            if (now - limit.use().lookedAt() < LOOK_NANOS) {
                break;
            }
            changed(limit);
        }
    }

    /** This node has a part of it, which is looked at again after some time. */
    void looked(Limit limit, long now) {
        limit.use().looked(now);
        kept.put(limit, Boolean.TRUE);
    }

    /** This node has no part of it. */
    void settled(Limit limit, long now) {
        limit.use().looked(now);
        kept.remove(limit);
    }

    /** Whether there are some about which the database may have to know more, now or after some time. */
    boolean isActive() {
        return !buckets.isEmpty() || !slots.isEmpty() || !kept.isEmpty();
    }

    /** Whether a request has needed a limit. */
    boolean isUsed() {
        return used;
    }

    List<Limit> all() {
        return all.values().stream().flatMap(owned -> owned.values().stream()).toList();
    }
}
