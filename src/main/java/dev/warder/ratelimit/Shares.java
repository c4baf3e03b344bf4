package dev.warder.ratelimit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
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

    /** What the database is to do about buckets. To be called some times a second. */
    Map<Bucket, RefillRequest> refillRequests() {
        synchronized (limits.lock) {
            var requests = new LinkedHashMap<Bucket, RefillRequest>();
            for (var limit : limits.table.active()) {
                if (limit instanceof Bucket bucket) {
                    bucket.request(limits.now())
                            .ifPresentOrElse(request -> requests.put(bucket, request), () -> settleIfNothing(bucket));
                }
            }
            return requests;
        }
    }

    /**
     * What the database is to know about slots. To be called some times a second.
     *
     * @param every whether also about those that have not changed
     */
    Map<Slots, SlotRequest> slotRequests(boolean every) {
        synchronized (limits.lock) {
            var requests = new LinkedHashMap<Slots, SlotRequest>();
            for (var limit : limits.table.active()) {
                if (limit instanceof Slots slots) {
                    slots.request(every, limits.now())
                            .ifPresentOrElse(request -> requests.put(slots, request), () -> settleIfNothing(slots));
                }
            }
            return requests;
        }
    }

    @GuardedBy("limits.lock")
    private void settleIfNothing(Limit limit) {
        if (limit.holdsNothing(limits.now())) {
            limits.table.settled(limit);
        }
    }

    /** The database has done it. */
    void refilled(Map<Bucket, RefillRequest> requests, List<Refill> done) {
        var refills = done.stream().collect(Collectors.toMap(Refill::key, each -> each));
        synchronized (limits.lock) {
            long now = limits.now();
            requests.forEach((bucket, request) ->
                    Optional.ofNullable(refills.get(request.key())).ifPresent(refill -> bucket.refilled(refill, now)));
        }
    }

    /** The database has noted it. */
    void noted(Map<Slots, SlotRequest> requests, List<SlotState> noted) {
        var states = noted.stream().collect(Collectors.toMap(SlotState::key, each -> each));
        synchronized (limits.lock) {
            long now = limits.now();
            requests.forEach((slots, request) ->
                    Optional.ofNullable(states.get(request.key())).ifPresent(state -> slots.noted(state, now)));
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
            limits.table.all().forEach(limit -> limit.refill(now));
            boolean changes = away == limits.sharing.asks();
            limits.sharing.away(away);
            limits.sharing.nodes(nodes);
            if (changes) {
                limits.table.all().forEach(limit -> limit.awayChanged(now));
            }
        }
    }

    /** This node stops: what it has is given back. */
    void end() {
        synchronized (limits.lock) {
            limits.sharing.end();
        }
    }

    /** Whether the database may have to know more. */
    boolean isActive() {
        synchronized (limits.lock) {
            return !limits.table.active().isEmpty();
        }
    }

    /** Whether a limit was used since the start. */
    boolean isUsed() {
        synchronized (limits.lock) {
            return limits.table.isUsed();
        }
    }
}
