package dev.warder.quota;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * The rate limits of this node. One lock for all, since a request takes something of each of its limits or of none. What the
 * database is asked for and what it grants comes under the same lock. Thread-safe; no method waits.
 */
final class NodeLimits {
    /** The most limits that are looked at while the lock is held; few of them need something. */
    private static final int LOOKED = 500;

    private static final long COUNTED_NANOS = TimeUnit.SECONDS.toNanos(2);

    @GuardedBy("this")
    private final Sharing sharing;

    @GuardedBy("this")
    private final LimitTable table;

    @GuardedBy("this")
    private final WaitingRequests waiting;

    private final LongSupplier nanoTime;

    /**
     * @param sharing how limits are shared with other nodes; used by these limits only
     * @param nanoTime a clock that never goes back
     */
    NodeLimits(Sharing sharing, LongSupplier nanoTime) {
        this.sharing = sharing;
        this.nanoTime = nanoTime;
        this.table = new LimitTable(sharing, nanoTime.getAsLong());
        this.waiting = new WaitingRequests(sharing, table);
    }

    /** The time of a clock that never goes back. */
    long now() {
        return nanoTime.getAsLong();
    }

    synchronized RateAdmission admit(List<Need> needs) {
        long now = now();
        var hold = hold(needs, now);
        var decided = decide(hold, now);
        if (decided.isPresent()) {
            return decided.get();
        }
        var waiter = new PendingRequest(hold);
        waiting.add(waiter, now);
        return new RateAdmission.Waits(waiter);
    }

    synchronized void withdraw(PendingRequest waiter) {
        waiting.remove(waiter);
        needsNothing(waiter.hold);
    }

    /** What this node has got for a request that does not take it is to be given back soon: other nodes lack it. */
    @GuardedBy("this")
    private void needsNothing(RateHold hold) {
        hold.all.forEach(taken -> table.changed(taken.limit));
    }

    /**
     * Decides about those that wait, in the order in which they came.
     *
     * @return the requests that wait no longer; the caller completes their decisions
     */
    synchronized Map<PendingRequest, RateAdmission> serve() {
        long now = now();
        var decided = new LinkedHashMap<PendingRequest, RateAdmission>();
        for (var waiter : waiting.withoutDemand()) {
            var decision = decide(waiter.hold, now);
            if (decision.isPresent()) {
                waiting.remove(waiter);
                decided.put(waiter, decision.get());
                if (decision.get() instanceof RateAdmission.Exhausted) {
                    needsNothing(waiter.hold);
                }
            } else {
                waiting.add(waiter, now);
            }
        }
        return decided;
    }

    synchronized boolean isWaitedFor() {
        return !waiting.isEmpty();
    }

    /**
     * A model has taken these amounts of its request's limits, instead of what was taken before; nothing after the request's
     * end.
     *
     * @param amounts by kind; negative for a kind without another amount
     */
    synchronized void change(RateHold hold, String model, ToLongFunction<LimitKind> amounts) {
        if (!hold.ended) {
            long now = now();
            for (var taken : hold.all) {
                long amount = amounts.applyAsLong(taken.need.key().kind());
                if (amount >= 0 && taken.need.models().test(model)) {
                    set(taken, amount, now);
                    taken.counted();
                }
            }
        }
    }

    void end(RateHold hold, ToLongFunction<Need> tokens) {
        long[] amounts = new long[hold.all.size()];
        for (int i = 0; i < amounts.length; i++) {
            var need = hold.all.get(i).need;
            amounts[i] = need.key().kind().isOfTokens() ? tokens.applyAsLong(need) : 0;
        }
        synchronized (this) {
            if (!hold.ended) {
                long now = now();
                for (int i = 0; i < amounts.length; i++) {
                    var taken = hold.all.get(i);
                    if (!taken.need.key().kind().isOfRequests()) {
                        set(taken, amounts[i], now);
                    }
                }
                end(hold);
            }
        }
    }

    /** A request was not sent, so that it has taken nothing. No effect if it ended before. */
    synchronized void giveBack(RateHold hold) {
        if (!hold.ended) {
            long now = now();
            for (var taken : hold.all) {
                set(taken, 0, now);
            }
            end(hold);
        }
    }

    /** The request has ended, and what it has consumed is not known: what it has taken counts. */
    synchronized void keep(RateHold hold) {
        if (!hold.ended) {
            end(hold);
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

    @GuardedBy("this")
    private RateHold hold(List<Need> needs, long now) {
        var all = new ArrayList<Taken>(needs.size());
        LimitOwner owner = null;
        Map<LimitKind, Limit> owned = Map.of();
        for (var need : needs) {
            if (!need.key().owner().equals(owner)) {
                owner = need.key().owner();
                owned = table.of(owner, now);
            }
            all.add(new Taken(table.of(owned, need, now), need));
        }
        return new RateHold(all);
    }

    /** Empty if it has to wait: for the database, or for what an earlier request waits for. */
    @GuardedBy("this")
    private Optional<RateAdmission> decide(RateHold hold, long now) {
        boolean waits = false;
        for (var taken : hold.all) {
            var limit = taken.limit;
            long amount = taken.need.amount();
            if (!limit.has(amount, now)) {
                long nanos = limit.wait(amount, now);
                if (nanos != Limit.ASK) {
                    return Optional.of(
                            new RateAdmission.Exhausted(hold, limit.key(), retry(limit, amount, nanos, now)));
                }
                waits = true;
            } else if (waiting.needBefore(limit, amount, now)) {
                waits = true;
            }
        }
        if (waits) {
            return Optional.empty();
        }
        take(hold, now);
        return Optional.of(new RateAdmission.Admitted(hold));
    }

    /** What prompts have taken in excess is given back when they are counted, which is soon. */
    private static long retry(Limit limit, long amount, long nanos, long now) {
        long rest = amount - limit.uncounted();
        boolean suffices = limit.has(rest, now) || limit.wait(rest, now) == Limit.ASK;
        return suffices ? Math.min(nanos, COUNTED_NANOS) : nanos;
    }

    @GuardedBy("this")
    private void take(RateHold hold, long now) {
        for (var taken : hold.all) {
            taken.limit.refer(1);
            taken.begin();
            set(taken, taken.need.amount(), now);
        }
    }

    @GuardedBy("this")
    private void end(RateHold hold) {
        hold.ended = true;
        for (var taken : hold.all) {
            taken.counted();
            taken.limit.refer(-1);
        }
    }

    @GuardedBy("this")
    private void set(Taken taken, long amount, long now) {
        if (amount != taken.amount) {
            taken.limit.take(amount - taken.amount, now);
            taken.amount = amount;
            table.used(taken.limit, now);
        }
    }

    synchronized int due() {
        return table.buckets.size() + table.slots.size();
    }

    synchronized boolean visitKept() {
        return table.visitKept(now());
    }

    synchronized Due<Bucket, RefillRequest> refillRequests() {
        return requests(table.buckets, Bucket::request);
    }

    synchronized Due<Slots, SlotRequest> slotRequests() {
        return requests(table.slots, Slots::request);
    }

    /** The present wish for a limit, if there is one. */
    @FunctionalInterface
    private interface Asking<L, R> {
        Optional<R> request(L limit, long now);
    }

    /**
     * The wishes for limits.
     *
     * @param looked how many limits were looked at; some need nothing
     */
    record Due<L, R>(Map<L, R> requests, int looked) {}

    private synchronized <L extends Limit, R> Due<L, R> requests(DueLimits<L> due, Asking<L, R> asking) {
        long now = now();
        var requests = new LinkedHashMap<L, R>();
        int looked = 0;
        while (looked < LOOKED && requests.size() < LimitStore.MOST && due.size() > 0) {
            looked++;
            due.next().ifPresent(limit -> {
                asking.request(limit, now).ifPresent(request -> requests.put(limit, request));
                if (requests.containsKey(limit) || !limit.holdsNothing(now)) {
                    table.keep(limit);
                }
            });
        }
        return new Due<>(requests, looked);
    }

    void refilled(Map<Bucket, RefillRequest> requests, List<Refill> done) {
        var refills = done.stream().collect(Collectors.toMap(Refill::limit, each -> each));
        synchronized (this) {
            long now = now();
            requests.forEach((bucket, request) -> Optional.ofNullable(refills.get(request.limit()))
                    .ifPresent(refill -> bucket.refilled(refill, now)));
        }
    }

    void noted(Map<Slots, SlotRequest> requests, List<SlotState> noted) {
        var states = noted.stream().collect(Collectors.toMap(SlotState::limit, each -> each));
        synchronized (this) {
            long now = now();
            requests.forEach((slots, request) ->
                    Optional.ofNullable(states.get(request.limit())).ifPresent(state -> slots.noted(state, now)));
        }
    }

    /**
     * Whether the database can be used.
     *
     * @param nodes how many nodes use it, from 1
     */
    synchronized void share(boolean away, int nodes) {
        long now = now();
        for (var limit : table.all()) {
            limit.refill(now);
        }
        boolean changes = away == sharing.asks();
        sharing.away = away;
        if (changes) {
            for (var limit : table.all()) {
                limit.awayChanged(now);
                table.changed(limit);
            }
        }
        // Afterwards: what this node had alone is of the nodes that it knew then.
        sharing.nodes = nodes;
    }

    synchronized void endSharing() {
        sharing.ending = true;
        table.all().forEach(table::changed);
    }

    synchronized boolean isActive() {
        return table.isActive();
    }

    synchronized boolean isUsed() {
        return table.isUsed();
    }

    /**
     * The requests that wait for the database, in the order in which they came, and what they need of their limits. Not
     * thread-safe:
     * {@link NodeLimits} has the lock.
     */
    static final class WaitingRequests {
        private final Sharing sharing;
        private final LimitTable table;
        private final Set<PendingRequest> all = new LinkedHashSet<>();

        WaitingRequests(Sharing sharing, LimitTable table) {
            this.sharing = sharing;
            this.table = table;
        }

        boolean isEmpty() {
            return all.isEmpty();
        }

        /** A request waits: as the last one, or at its place if it has waited before. */
        void add(PendingRequest waiter, long now) {
            all.add(waiter);
            addDemand(waiter, now);
        }

        void remove(PendingRequest waiter) {
            all.remove(waiter);
            removeDemand(waiter);
        }

        /** All, in their order, without what they need: that of each depends on those before it, and is added again. */
        List<PendingRequest> withoutDemand() {
            all.forEach(WaitingRequests::removeDemand);
            return List.copyOf(all);
        }

        boolean needBefore(Limit limit, long amount, long now) {
            return sharing.asks()
                    && !limit.demand().isEmpty()
                    && !limit.has(amount + limit.demand().sum(), now);
        }

        /**
         * What it needs of its limits up to those of the first owner that lack something. These are the narrower ones: the
         * database is not asked for what all share where a client's own limit may refuse the request.
         */
        private void addDemand(PendingRequest waiter, long now) {
            boolean lacks = false;
            LimitOwner owner = null;
            for (var taken : waiter.hold.all) {
                var limit = taken.limit;
                long amount = taken.need.amount();
                if (lacks && !limit.key().owner().equals(owner)) {
                    return;
                }
                owner = limit.key().owner();
                lacks |= !limit.has(amount, now) || needBefore(limit, amount, now);
                limit.addDemand(waiter, amount);
                table.lacks(limit);
            }
        }

        private static void removeDemand(PendingRequest waiter) {
            for (var taken : waiter.hold.all) {
                taken.limit.removeDemand(waiter);
            }
        }
    }

    /**
     * The rest of a limit for a minute.
     *
     * @param remaining not negative, and at most {@code size}
     */
    record LimitState(LimitKind kind, long size, long remaining) {
        double part() {
            return (double) remaining / size;
        }

        /** In how many nanoseconds all of it is there again, if nothing is used until then. */
        long nanosUntilFull() {
            return (long) ((1 - part()) * 60e9);
        }
    }

    /** A request's part of one limit. Not thread-safe: {@link NodeLimits} has the lock. */
    static final class Taken {
        final Limit limit;
        final Need need;

        /** 0 before the request is admitted. */
        long amount;

        private long uncounted;

        Taken(Limit limit, Need need) {
            this.limit = limit;
            this.need = need;
        }

        void begin() {
            if (need.key().kind() == LimitKind.INPUT_TOKENS) {
                uncounted = need.amount();
                limit.addUncounted(uncounted);
            }
        }

        void counted() {
            if (uncounted > 0) {
                limit.addUncounted(-uncounted);
                uncounted = 0;
            }
        }
    }
}
