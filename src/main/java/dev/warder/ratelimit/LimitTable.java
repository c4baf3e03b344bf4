package dev.warder.ratelimit;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The limits that were used in the last minutes. Not thread-safe: {@link Limits} has the lock. */
final class LimitTable {
    private static final long SWEEP_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Map<LimitKey, Limit> all = new HashMap<>();

    /** Those about which the database may have to know more. */
    private final Set<Limit> active = new LinkedHashSet<>();

    private final Sharing sharing;
    private long sweptAt;
    private boolean used;

    LimitTable(Sharing sharing, long now) {
        this.sharing = sharing;
        this.sweptAt = now;
    }

    /** The limit that a request needs. */
    Limit of(Need need, long now) {
        used = true;
        sweep(now);
        var limit = all.get(need.key());
        if (limit == null) {
            limit = create(need, now);
            all.put(need.key(), limit);
        }
        limit.adopt(need.size());
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
            all.values().removeIf(limit -> limit.isIdle(now) && !active.contains(limit));
        }
    }

    /** Something was taken of it or is lacking. */
    void changed(Limit limit) {
        if (sharing.isShared()) {
            active.add(limit);
        }
    }

    /** Those whose amount was changed or is lacking, until {@link #settled}. */
    List<Limit> active() {
        return List.copyOf(active);
    }

    /** The database knows all about it. */
    void settled(Limit limit) {
        active.remove(limit);
    }

    /** Whether a request has needed a limit. */
    boolean isUsed() {
        return used;
    }

    Collection<Limit> all() {
        return all.values();
    }
}
