package dev.warder.quota;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The limits that were used in the last minutes. Not thread-safe: {@link NodeLimits} has the lock. */
final class LimitTable {
    /** How soon one that is used no longer is forgotten, after the time in which it may be needed. */
    private static final long SWEEP_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** How soon the database is asked to take back what is not used here. */
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Map<LimitOwner, Map<LimitKind, Limit>> byOwner = new HashMap<>();
    private final List<Limit> kept = new ArrayList<>();
    private final Sharing sharing;
    private long sweptAt;
    private long lookedAt;
    private boolean used;

    LimitTable(Sharing sharing, long now) {
        this.sharing = sharing;
        this.sweptAt = now;
        this.lookedAt = now;
    }

    /** The limits of an owner that requests have needed lately. */
    Map<LimitKind, Limit> of(LimitOwner owner, long now) {
        used = true;
        if (now - sweptAt >= SWEEP_NANOS) {
            sweptAt = now;
            byOwner.values().removeIf(owned -> {
                owned.values().removeIf(limit -> limit.isIdle(now));
                return owned.isEmpty();
            });
        }
        return byOwner.computeIfAbsent(owner, none -> new EnumMap<>(LimitKind.class));
    }

    Limit of(Map<LimitKind, Limit> owned, Need need, long now) {
        var limit = owned.get(need.key().kind());
        if (limit == null) {
            limit = create(need, now);
            owned.put(need.key().kind(), limit);
        }
        limit.adopt(need, now);
        return limit;
    }

    private Limit create(Need need, long now) {
        return need.key().kind() == LimitKind.CONCURRENT
                ? new Slots(need.key(), need.size(), sharing, now)
                : new Bucket(need.key(), need.size(), sharing, now);
    }

    void keep(Limit limit) {
        if (!limit.kept) {
            kept.add(limit);
            limit.kept = true;
        }
    }

    /** Makes the limits due that this node has a part of, once in 5 s. */
    void lookAtKept(long now) {
        if (now - lookedAt >= LOOK_NANOS) {
            lookedAt = now;
            kept.removeIf(limit -> {
                limit.kept = !limit.holdsNothing(now);
                if (limit.kept) {
                    sharing.changed(limit);
                }
                return !limit.kept;
            });
        }
    }

    /** Whether there are some about which the database may have to know more, now or after some time. */
    boolean isActive() {
        return sharing.due() > 0 || !kept.isEmpty();
    }

    boolean isUsed() {
        return used;
    }

    List<Limit> all() {
        return byOwner.values().stream()
                .flatMap(owned -> owned.values().stream())
                .toList();
    }
}
