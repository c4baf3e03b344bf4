package dev.warder.ratelimit;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The limits that were used in the last minutes. Not thread-safe: {@link Limits} has the lock. */
final class LimitTable {
    private static final long SWEEP_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Map<LimitOwner, Map<LimitKind, Limit>> all = new HashMap<>();

    /** How soon the database is asked to take back what is not used here. */
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** Those about which the database may have to know more now. */
    private final Set<Limit> changed = new LinkedHashSet<>();

    /** Those that this node has a part of, by the time of the last look at them. */
    private final Map<Limit, Long> kept = new LinkedHashMap<>();

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
        return limit.isIdle(now) && !changed.contains(limit) && !kept.containsKey(limit);
    }

    /** Something was taken of it or is lacking. */
    void changed(Limit limit) {
        if (sharing.isShared()) {
            changed.add(limit);
        }
    }

    /**
     * Takes those of a kind about which the database may have to know more. Each of them is to be passed to {@link #looked} or
     * {@link #settled}.
     */
    <L extends Limit> List<L> takeDue(Class<L> kind, long now) {
        var due = new ArrayList<L>();
        for (var limit : changed) {
            add(due, kind, limit);
        }
        for (var each : kept.entrySet()) {
            if (now - each.getValue() < LOOK_NANOS) {
                break;
            }
            if (!changed.contains(each.getKey())) {
                add(due, kind, each.getKey());
            }
        }
        due.forEach(changed::remove);
        return due;
    }

    private static <L extends Limit> void add(List<L> due, Class<L> kind, Limit limit) {
        if (kind.isInstance(limit)) {
            due.add(kind.cast(limit));
        }
    }

    /** This node has a part of it, which is looked at again after some time. */
    void looked(Limit limit, long now) {
        kept.remove(limit);
        kept.put(limit, now);
    }

    /** This node has no part of it. */
    void settled(Limit limit) {
        kept.remove(limit);
    }

    /** Whether there are some about which the database may have to know more, now or after some time. */
    boolean isActive() {
        return !changed.isEmpty() || !kept.isEmpty();
    }

    /** Whether a request has needed a limit. */
    boolean isUsed() {
        return used;
    }

    List<Limit> all() {
        return all.values().stream().flatMap(owned -> owned.values().stream()).toList();
    }
}
