package dev.warder.quota;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/** The limits that were used in the last minutes. Not thread-safe: {@link NodeLimits} has the lock. */
final class LimitTable {
    /** How soon one that is used no longer is forgotten, after the time in which it may be needed. */
    private static final long SWEEP_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** How soon the database is asked to take back what is not used here. */
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** The most owners that one request sweeps. */
    private static final int SWEPT = 5000;

    private final Map<LimitOwner, Map<LimitKind, Limit>> byOwner = new HashMap<>();
    private final List<Limit> kept = new ArrayList<>();
    private final Sharing sharing;
    private final Queue<LimitOwner> toSweep = new ArrayDeque<>();
    private long sweptAt;
    private long lookedAt;

    /** The place of the next one in {@code kept} to look at. */
    private int next;

    LimitTable(Sharing sharing, long now) {
        this.sharing = sharing;
        this.sweptAt = now;
        this.lookedAt = now;
    }

    /** The limits of an owner that requests have needed lately. */
    Map<LimitKind, Limit> of(LimitOwner owner, long now) {
        if (toSweep.isEmpty() && now - sweptAt >= SWEEP_NANOS) {
            sweptAt = now;
            toSweep.addAll(byOwner.keySet());
        }
        for (int i = 0; i < SWEPT && !toSweep.isEmpty(); i++) {
            byOwner.computeIfPresent(toSweep.remove(), (same, owned) -> {
                owned.values().removeIf(limit -> limit.isIdle(now));
                return owned.isEmpty() ? null : owned;
            });
        }
        return byOwner.computeIfAbsent(owner, none -> new EnumMap<>(LimitKind.class));
    }

    Limit of(Map<LimitKind, Limit> owned, Need need, long now) {
        var limit = owned.get(need.key().kind());
        if (limit == null) {
            limit = need.key().kind() == LimitKind.CONCURRENT
                    ? new Slots(need.key(), need.size(), sharing, now)
                    : new Bucket(need.key(), need.size(), sharing, now);
            owned.put(need.key().kind(), limit);
        }
        limit.adopt(need, now);
        return limit;
    }

    void keep(Limit limit) {
        if (!limit.kept) {
            kept.add(limit);
            limit.kept = true;
        }
    }

    /**
     * Makes the limits due that this node has a part of, once in 5 s, some at a time.
     *
     * @return true if there are more now
     */
    boolean lookAtKept(long now, int most) {
        if (next == 0 && now - lookedAt < LOOK_NANOS) {
            return false;
        }
        lookedAt = next == 0 ? now : lookedAt;
        for (int i = 0; i < most && next < kept.size(); i++) {
            var limit = kept.get(next);
            limit.kept = !limit.holdsNothing(now);
            if (limit.kept) {
                sharing.changed(limit);
                next++;
            } else {
                var last = kept.remove(kept.size() - 1);
                if (next < kept.size()) {
                    kept.set(next, last);
                }
            }
        }
        next = next < kept.size() ? next : 0;
        return next > 0;
    }

    /** Whether there are some about which the database may have to know more, now or after some time. */
    boolean isActive() {
        return sharing.due() > 0 || !kept.isEmpty();
    }

    /** Whether requests have needed one: the last that was used is forgotten only for another one. */
    boolean isUsed() {
        return !byOwner.isEmpty();
    }

    List<Limit> all() {
        return byOwner.values().stream()
                .flatMap(owned -> owned.values().stream())
                .toList();
    }
}
