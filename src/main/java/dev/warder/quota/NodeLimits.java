package dev.warder.quota;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.quota.Limit.Need;
import dev.warder.quota.LimitStore.Exchanged;
import dev.warder.quota.LimitStore.RefillRequest;
import dev.warder.quota.LimitStore.SlotRequest;
import dev.warder.quota.RateHold.Taken;
import dev.warder.quota.WaitingLine.Turn;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.IntToLongFunction;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/**
 * The rate limits of this node. Requests wait here for the database only. The questions to it and its answers come under the same
 * lock. Thread-safe; no method waits.
 */
final class NodeLimits extends NodeQuota {
    /** The most limits that are looked at while the lock is held; few of them need something. */
    private static final int LOOKED = 500;

    @GuardedBy("this")
    private final Sharing sharing;

    @GuardedBy("this")
    private final LimitTable table;

    /**
     * @param sharing how limits are shared with other nodes; used by these limits only
     * @param nanoTime a clock that never goes back
     */
    NodeLimits(Sharing sharing, LongSupplier nanoTime) {
        super(Long.MAX_VALUE, nanoTime);
        this.sharing = sharing;
        this.table = new LimitTable(sharing, now());
    }

    synchronized Admission admit(Turn turn, List<Need> needs) {
        var hold = hold(needs, now());
        var decision = decide(hold);
        return decision.isPresent() ? decision.get() : await(turn, hold);
    }

    @GuardedBy("this")
    private RateHold hold(List<Need> needs, long now) {
        var all = new ArrayList<Taken>(needs.size());
        Limit.Owner owner = null;
        Map<Limit.Kind, Limit> owned = Map.of();
        for (var need : needs) {
            if (!need.key().owner().equals(owner)) {
                owner = need.key().owner();
                owned = table.of(owner, now);
            }
            all.add(new Taken(table.of(owned, need, now), need));
        }
        return new RateHold(all);
    }

    /**
     * A model has taken these amounts of its request's limits, instead of what was taken before; nothing after the request's
     * end.
     *
     * @param amounts by kind; negative for a kind without another amount
     */
    synchronized void change(RateHold hold, String model, ToLongFunction<Limit.Kind> amounts) {
        if (!hold.ended) {
            long now = now();
            for (var taken : hold.all) {
                long amount = amounts.applyAsLong(taken.need.key().kind());
                if (amount >= 0 && taken.need.models().test(model)) {
                    taken.set(amount, now);
                    taken.counted();
                }
            }
        }
    }

    /** A request has ended, and has consumed these tokens of each of its limits, whose number is asked without the lock. */
    void end(RateHold hold, ToLongFunction<Need> tokens) {
        long[] amounts = hold.all.stream()
                .mapToLong(taken -> switch (taken.need.key().kind()) {
                    case INPUT_TOKENS, OUTPUT_TOKENS -> tokens.applyAsLong(taken.need);
                    case REQUESTS, OTHER_REQUESTS -> taken.need.amount();
                    case CONCURRENT -> 0;
                })
                .toArray();
        endWith(hold, i -> amounts[i]);
    }

    /** A request was not sent, so that it has taken nothing. No effect if it ended before. */
    void giveBack(RateHold hold) {
        endWith(hold, i -> 0);
    }

    private synchronized void endWith(RateHold hold, IntToLongFunction amounts) {
        if (!hold.ended) {
            long now = now();
            for (int i = 0; i < hold.all.size(); i++) {
                hold.all.get(i).set(amounts.applyAsLong(i), now);
            }
            hold.end();
        }
    }

    /** The request has ended, and what it has consumed is not known: what it has taken counts. */
    synchronized void keep(RateHold hold) {
        if (!hold.ended) {
            hold.end();
        }
    }

    synchronized List<LimitState> states(RateHold hold) {
        long now = now();
        var states = new ArrayList<LimitState>();
        for (var taken : hold.all) {
            if (taken.limit instanceof Bucket bucket) {
                long remaining = (long) Math.max(0, bucket.remaining(now));
                states.add(new LimitState(bucket.key().kind(), bucket.size(), remaining));
            }
        }
        return states;
    }

    synchronized int size() {
        return table.all().size();
    }

    synchronized int due() {
        return sharing.due();
    }

    /** Makes some of the limits due that this node has a part of; true if there are more. */
    synchronized boolean lookAtKept() {
        return table.lookAtKept(now(), LOOKED);
    }

    /** The wishes for some limits, about which the database is to be asked; they are due no longer. */
    synchronized Wishes wishes() {
        long now = now();
        var refills = new LinkedHashMap<Bucket, RefillRequest>();
        var slots = new LinkedHashMap<Slots, SlotRequest>();
        int looked = 0;
        while (looked < LOOKED && refills.size() + slots.size() < LimitStore.MOST) {
            var limit = sharing.next();
            if (limit == null) {
                break;
            }
            looked++;
            if (limit instanceof Bucket bucket) {
                bucket.request(now).ifPresent(wish -> refills.put(bucket, wish));
            } else if (limit instanceof Slots all) {
                all.request(now).ifPresent(wish -> slots.put(all, wish));
            }
            if (refills.containsKey(limit) || slots.containsKey(limit) || !limit.holdsNothing(now)) {
                table.keep(limit);
            }
        }
        return new Wishes(refills, slots, looked);
    }

    synchronized void exchanged(Wishes wishes, Exchanged done) {
        long now = now();
        var refills = done.refills().iterator();
        wishes.refills.keySet().forEach(bucket -> bucket.refilled(refills.next(), now));
        var slots = done.slots().iterator();
        wishes.slots.keySet().forEach(each -> each.noted(slots.next(), now));
    }

    /**
     * Whether the database can be used.
     *
     * @param nodes how many nodes use it, from 1
     */
    synchronized void share(boolean away, int nodes) {
        boolean changes = away == sharing.asks();
        if (!changes && nodes == sharing.nodes) {
            return;
        }
        long now = now();
        for (var limit : table.all()) {
            limit.refill(now);
        }
        sharing.away = away;
        if (changes) {
            for (var limit : table.all()) {
                limit.awayChanged(now);
                sharing.changed(limit);
            }
        }
        // Afterwards: what this node had alone is of the nodes that it knew then.
        sharing.nodes = nodes;
    }

    synchronized void endSharing() {
        sharing.ending = true;
        // With its slots, the node was forgotten.
        for (var limit : table.all()) {
            if (limit instanceof Bucket) {
                sharing.changed(limit);
            }
        }
    }

    /** Whether there are some about which the database may have to know more, now or after some time. */
    synchronized boolean isActive() {
        return sharing.due() > 0 || !table.kept.isEmpty();
    }

    /** Whether requests have needed one: the last that was used is forgotten only for another one. */
    synchronized boolean isUsed() {
        return !table.byOwner.isEmpty();
    }

    /**
     * The wishes of this node for some limits, in an order.
     *
     * @param looked how many limits were looked at; some need nothing
     */
    record Wishes(Map<Bucket, RefillRequest> refills, Map<Slots, SlotRequest> slots, int looked) {}

    /**
     * The rest of a limit for a minute.
     *
     * @param remaining not negative, and at most {@code size}
     */
    record LimitState(Limit.Kind kind, long size, long remaining) {
        double part() {
            return (double) remaining / size;
        }

        /** In how many nanoseconds all of it is there again, if nothing is used until then. */
        long nanosUntilFull() {
            return (long) ((1 - part()) * 60e9);
        }
    }

    /** The limits that were used in the last minutes. Not thread-safe: {@link NodeLimits} has the lock. */
    private static final class LimitTable {
        /** How soon one that is used no longer is forgotten, after the time in which it may be needed. */
        private static final long SWEEP_NANOS = TimeUnit.MINUTES.toNanos(1);

        /** How soon the database is asked to take back what is not used here. */
        private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(5);

        /** The most owners that one request sweeps. */
        private static final int SWEPT = 5000;

        private final Map<Limit.Owner, Map<Limit.Kind, Limit>> byOwner = new HashMap<>();
        private final List<Limit> kept = new ArrayList<>();
        private final Sharing sharing;
        private final Queue<Limit.Owner> toSweep = new ArrayDeque<>();
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
        Map<Limit.Kind, Limit> of(Limit.Owner owner, long now) {
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
            return byOwner.computeIfAbsent(owner, none -> new EnumMap<>(Limit.Kind.class));
        }

        Limit of(Map<Limit.Kind, Limit> owned, Need need, long now) {
            var limit = owned.get(need.key().kind());
            if (limit == null) {
                limit = need.key().kind() == Limit.Kind.CONCURRENT
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

        List<Limit> all() {
            return byOwner.values().stream()
                    .flatMap(owned -> owned.values().stream())
                    .toList();
        }
    }
}
