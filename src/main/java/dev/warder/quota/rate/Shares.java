package dev.warder.quota.rate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** This node's wishes of the database for its {@link NodeLimits}, and the parts it has got. Thread-safe; no method waits. */
final class Shares {
    /** The most limits that are looked at while the lock is held; few of them need something. */
    private static final int LOOKED = 500;

    private final NodeLimits limits;

    private final DueLimits<Bucket> buckets;
    private final DueLimits<Slots> slots;

    Shares(NodeLimits limits) {
        this.limits = limits;
        this.buckets = limits.table.buckets();
        this.slots = limits.table.slots();
    }

    int due() {
        synchronized (limits.lock) {
            return buckets.size() + slots.size();
        }
    }

    boolean visitKept() {
        synchronized (limits.lock) {
            return limits.table.visitKept(limits.now());
        }
    }

    Due<Bucket, RefillRequest> refillRequests() {
        return requests(buckets, Bucket::request);
    }

    Due<Slots, SlotRequest> slotRequests() {
        return requests(slots, Slots::request);
    }

    boolean areWaitedFor() {
        return limits.isWaitedFor();
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

    private <L extends Limit, R> Due<L, R> requests(DueLimits<L> due, Asking<L, R> asking) {
        synchronized (limits.lock) {
            long now = limits.now();
            var requests = new LinkedHashMap<L, R>();
            int looked = 0;
            while (looked < LOOKED && requests.size() < LimitStore.MOST && due.size() > 0) {
                looked++;
                due.next().ifPresent(limit -> {
                    asking.request(limit, now).ifPresent(request -> requests.put(limit, request));
                    if (requests.containsKey(limit) || !limit.holdsNothing(now)) {
                        limits.table.keep(limit);
                    }
                });
            }
            return new Due<>(requests, looked);
        }
    }

    void refilled(Map<Bucket, RefillRequest> requests, List<Refill> done) {
        var refills = done.stream().collect(Collectors.toMap(Refill::limit, each -> each));
        synchronized (limits.lock) {
            long now = limits.now();
            requests.forEach((bucket, request) -> Optional.ofNullable(refills.get(request.limit()))
                    .ifPresent(refill -> bucket.refilled(refill, now)));
        }
    }

    void noted(Map<Slots, SlotRequest> requests, List<SlotState> noted) {
        var states = noted.stream().collect(Collectors.toMap(SlotState::limit, each -> each));
        synchronized (limits.lock) {
            long now = limits.now();
            requests.forEach((slots, request) ->
                    Optional.ofNullable(states.get(request.limit())).ifPresent(state -> slots.noted(state, now)));
        }
    }

    /**
     * Whether the database can be used.
     *
     * @param nodes how many nodes use it, from 1
     */
    void share(boolean away, int nodes) {
        synchronized (limits.lock) {
            long now = limits.now();
            for (var limit : limits.table.all()) {
                limit.refill(now);
            }
            boolean changes = away == limits.sharing.asks();
            limits.sharing.away(away);
            if (changes) {
                for (var limit : limits.table.all()) {
                    limit.awayChanged(now);
                    limits.table.changed(limit);
                }
            }
            // Afterwards: what this node had alone is of the nodes that it knew then.
            limits.sharing.nodes(nodes);
        }
    }

    void end() {
        synchronized (limits.lock) {
            limits.sharing.end();
            limits.table.all().forEach(limits.table::changed);
        }
    }

    boolean isActive() {
        synchronized (limits.lock) {
            return limits.table.isActive();
        }
    }

    boolean isUsed() {
        synchronized (limits.lock) {
            return limits.table.isUsed();
        }
    }
}
