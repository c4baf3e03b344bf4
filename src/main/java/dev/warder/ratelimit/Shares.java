package dev.warder.ratelimit;

import dev.warder.ratelimit.store.Refill;
import dev.warder.ratelimit.store.RefillRequest;
import dev.warder.ratelimit.store.SlotRequest;
import dev.warder.ratelimit.store.SlotState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What this node wants of the database, and has got, of its {@link Limits}. Thread-safe; no method waits. */
final class Shares {
    private final Limits limits;

    Shares(Limits limits) {
        this.limits = limits;
    }

    /** The buckets that are due: each is to be passed to {@link #refillRequests} or {@link #putBack}. */
    List<Bucket> takeBuckets() {
        synchronized (limits.lock) {
            return limits.table.takeBuckets(limits.now());
        }
    }

    /** The slots that are due: each is to be passed to {@link #slotRequests} or {@link #putBack}. */
    List<Slots> takeSlots() {
        synchronized (limits.lock) {
            return limits.table.takeSlots(limits.now());
        }
    }

    /** These are due still. */
    void putBack(List<? extends Limit> due) {
        synchronized (limits.lock) {
            due.forEach(limits.table::putBack);
        }
    }

    /** What the database is to do about buckets. Requests wait meanwhile, so these should be few. */
    Map<Bucket, RefillRequest> refillRequests(List<Bucket> due) {
        return requests(due, Bucket::request);
    }

    /** What the database is to know about slots. Requests wait meanwhile, so these should be few. */
    Map<Slots, SlotRequest> slotRequests(List<Slots> due) {
        return requests(due, Slots::request);
    }

    /** What is asked for a limit now, if anything is. */
    @FunctionalInterface
    private interface Asking<L, R> {
        Optional<R> request(L limit, long now);
    }

    private <L extends Limit, R> Map<L, R> requests(List<L> due, Asking<L, R> asking) {
        synchronized (limits.lock) {
            long now = limits.now();
            var requests = new LinkedHashMap<L, R>();
            for (var limit : due) {
                var request = asking.request(limit, now);
                request.ifPresent(present -> requests.put(limit, present));
                if (request.isEmpty() && limit.holdsNothing(now)) {
                    limits.table.settled(limit, now);
                } else {
                    limits.table.looked(limit, now);
                }
            }
            return requests;
        }
    }

    /** The database has done it. */
    void refilled(Map<Bucket, RefillRequest> requests, List<Refill> done) {
        var refills = done.stream().collect(Collectors.toMap(Refill::limit, each -> each));
        synchronized (limits.lock) {
            long now = limits.now();
            requests.forEach((bucket, request) -> Optional.ofNullable(refills.get(request.limit()))
                    .ifPresent(refill -> bucket.refilled(refill, now)));
        }
    }

    /** The database has noted it. */
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

    /** This node stops: what it has is given back. */
    void end() {
        synchronized (limits.lock) {
            limits.sharing.end();
            limits.table.all().forEach(limits.table::changed);
        }
    }

    /** Whether the database may have to know more. */
    boolean isActive() {
        synchronized (limits.lock) {
            return limits.table.isActive();
        }
    }

    /** Whether a limit was used since the start. */
    boolean isUsed() {
        synchronized (limits.lock) {
            return limits.table.isUsed();
        }
    }
}
