package dev.warder.quota;

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

    /** The most owners that one request visits. As many are due only after a pause without requests. */
    private static final int SWEPT = 5000;

    /** How many limits are visited while the lock is held. */
    private static final int VISITED = 50;

    private final Map<LimitOwner, LimitsOfOwner> all = new HashMap<>();
    private final Rounds<LimitsOfOwner> owners;

    private final Rounds<Limit> kept;

    final DueLimits<Bucket> buckets = new DueLimits<>();
    final DueLimits<Slots> slots = new DueLimits<>();
    private final Sharing sharing;
    private boolean used;

    LimitTable(Sharing sharing, long now) {
        this.sharing = sharing;
        this.owners = new Rounds<>(SWEEP_NANOS, now);
        this.kept = new Rounds<>(LOOK_NANOS, now);
    }

    /** The limits of an owner that requests have needed lately. */
    record LimitsOfOwner(LimitOwner owner, Map<LimitKind, Limit> byKind) {}

    Map<LimitKind, Limit> of(LimitOwner owner, long now) {
        used = true;
        owners.visit(SWEPT, now, owned -> isNeeded(owned, now));
        var owned = all.get(owner);
        if (owned == null) {
            owned = new LimitsOfOwner(owner, new EnumMap<>(LimitKind.class));
            all.put(owner, owned);
            owners.add(owned);
        }
        return owned.byKind();
    }

    Limit of(Map<LimitKind, Limit> owned, Need need, long now) {
        var kind = need.key().kind();
        var limit = owned.get(kind);
        if (limit == null) {
            limit = create(need, now);
            owned.put(kind, limit);
        }
        limit.used(now);
        if (limit.isOf(need.version())) {
            limit.adopt(need, now);
        }
        return limit;
    }

    private Limit create(Need need, long now) {
        return need.key().kind() == LimitKind.CONCURRENT
                ? new Slots(need.key(), need.size(), sharing, now)
                : new Bucket(need.key(), need.size(), sharing, now);
    }

    private boolean isNeeded(LimitsOfOwner owned, long now) {
        owned.byKind().values().removeIf(limit -> canBeForgotten(limit, now));
        if (owned.byKind().isEmpty()) {
            all.remove(owned.owner());
        }
        return !owned.byKind().isEmpty();
    }

    private static boolean canBeForgotten(Limit limit, long now) {
        return limit.isIdle(now) && !limit.due && !limit.urgent && !limit.kept;
    }

    void used(Limit limit, long now) {
        if (sharing.isShared() && (!limit.kept || limit.needsLook(now))) {
            changed(limit);
        }
    }

    void changed(Limit limit) {
        if (!sharing.isShared()) {
            return;
        }
        if (limit instanceof Bucket bucket) {
            buckets.add(bucket);
        } else if (limit instanceof Slots slot) {
            slots.add(slot);
        }
    }

    void lacks(Limit limit) {
        if (limit instanceof Bucket bucket) {
            buckets.addUrgent(bucket);
        } else if (limit instanceof Slots slot) {
            slots.addUrgent(slot);
        }
    }

    void keep(Limit limit) {
        if (!limit.kept) {
            kept.add(limit);
            limit.kept = true;
        }
    }

    /**
     * Makes some of the limits that this node has a part of due; the turn of each comes every 5 s.
     *
     * @return whether there are more
     */
    boolean visitKept(long now) {
        return kept.visit(VISITED, now, limit -> {
            boolean nothing = limit.holdsNothing(now);
            limit.kept = !nothing;
            if (!nothing) {
                changed(limit);
            }
            return !nothing;
        });
    }

    /** Whether there are some about which the database may have to know more, now or after some time. */
    boolean isActive() {
        return buckets.size() + slots.size() > 0 || !kept.isEmpty();
    }

    boolean isUsed() {
        return used;
    }

    List<Limit> all() {
        return all.values().stream()
                .flatMap(owned -> owned.byKind().values().stream())
                .toList();
    }
}
