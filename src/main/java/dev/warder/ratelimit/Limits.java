package dev.warder.ratelimit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/**
 * The rate limits of this node. One lock for all, since a request takes something of each of its limits or of none. {@link
 * Shares} divides them among nodes, under the same lock. Thread-safe; no method waits.
 */
final class Limits {
    final Object lock = new Object();

    @GuardedBy("lock")
    final Sharing sharing;

    @GuardedBy("lock")
    final LimitTable table;

    @GuardedBy("lock")
    private final Set<Waiter> waiting = new LinkedHashSet<>();

    private final LongSupplier nanoTime;

    /**
     * @param sharing how limits are shared with other nodes; used by these limits only
     * @param nanoTime a clock that never goes back
     */
    Limits(Sharing sharing, LongSupplier nanoTime) {
        this.sharing = sharing;
        this.nanoTime = nanoTime;
        this.table = new LimitTable(sharing, nanoTime.getAsLong());
    }

    /** The time of a clock that never goes back. */
    long now() {
        return nanoTime.getAsLong();
    }

    /** Admits a request, refuses it, or makes it wait for the database. */
    Admission admit(List<Need> needs) {
        synchronized (lock) {
            long now = now();
            var limits = new ArrayList<Limit>(needs.size());
            boolean overtakes = false;
            for (var need : needs) {
                var limit = table.of(need, now);
                limits.add(limit);
                overtakes |= limit.isWaitedFor();
            }
            var waiter = new Waiter(needs, limits, new CompletableFuture<>());
            var decided = decide(waiter, now, overtakes);
            if (decided.isEmpty()) {
                waiting.add(waiter);
                limits.forEach(limit -> limit.waits(1));
            }
            return decided.orElseGet(() -> new Admission.Waits(waiter));
        }
    }

    /** A request waits no longer. */
    void withdraw(Waiter waiter) {
        synchronized (lock) {
            leave(waiter);
        }
    }

    /**
     * Decides about those that wait, in the order in which they came.
     *
     * @return the requests that wait no longer; the caller completes their decisions
     */
    Map<Waiter, Admission> serve() {
        synchronized (lock) {
            long now = now();
            var decided = new LinkedHashMap<Waiter, Admission>();
            var blocked = new HashSet<Limit>();
            for (var waiter : List.copyOf(waiting)) {
                boolean overtakes = waiter.limits().stream().anyMatch(blocked::contains);
                var decision = decide(waiter, now, overtakes);
                if (decision.isPresent()) {
                    leave(waiter);
                    decided.put(waiter, decision.get());
                } else {
                    blocked.addAll(waiter.limits());
                }
            }
            return decided;
        }
    }

    /** Whether requests wait. */
    boolean isWaitedFor() {
        synchronized (lock) {
            return !waiting.isEmpty();
        }
    }

    /** A request has taken this amount of its limits of this kind, instead of what it had taken before; nothing after its end. */
    void change(Hold hold, LimitKind kind, long amount) {
        synchronized (lock) {
            if (!hold.hasEnded()) {
                set(hold, kind, amount);
            }
        }
    }

    /** A request has ended, and has taken these tokens. No effect if it ended before. */
    void end(Hold hold, long inputTokens, long outputTokens) {
        synchronized (lock) {
            if (!hold.hasEnded()) {
                set(hold, LimitKind.INPUT_TOKENS, inputTokens);
                set(hold, LimitKind.OUTPUT_TOKENS, outputTokens);
                set(hold, LimitKind.CONCURRENT, 0);
                end(hold);
            }
        }
    }

    /** A request was not sent, so that it has taken nothing. No effect if it ended before. */
    void giveBack(Hold hold) {
        synchronized (lock) {
            if (!hold.hasEnded()) {
                hold.all().forEach(taken -> set(taken, 0));
                end(hold);
            }
        }
    }

    /** What is left of each limit for a minute that a request has. */
    List<LimitState> states(Hold hold) {
        synchronized (lock) {
            long now = now();
            var states = new ArrayList<LimitState>();
            for (var taken : hold.all()) {
                if (taken.limit instanceof Bucket bucket) {
                    long remaining = (long) Math.max(0, bucket.remaining(now));
                    states.add(new LimitState(bucket.key().kind(), bucket.size(), remaining));
                }
            }
            return states;
        }
    }

    /** How many limits were used lately. */
    int size() {
        synchronized (lock) {
            return table.all().size();
        }
    }

    /** @param overtakes whether an earlier request waits for one of its limits */
    @GuardedBy("lock")
    private Optional<Admission> decide(Waiter waiter, long now, boolean overtakes) {
        boolean waits = overtakes && sharing.asks();
        for (int i = 0; i < waiter.limits().size(); i++) {
            var limit = waiter.limits().get(i);
            long amount = waiter.needs().get(i).amount();
            if (!limit.has(amount, now)) {
                long nanos = limit.wait(amount, now);
                if (nanos != Limit.ASK) {
                    return Optional.of(new Admission.Exhausted(limit.key(), nanos));
                }
                limit.lacks(amount);
                table.changed(limit);
                waits = true;
            }
        }
        return waits ? Optional.empty() : Optional.of(new Admission.Admitted(take(waiter, now)));
    }

    @GuardedBy("lock")
    private Hold take(Waiter waiter, long now) {
        var all = new ArrayList<Taken>(waiter.limits().size());
        for (int i = 0; i < waiter.limits().size(); i++) {
            var limit = waiter.limits().get(i);
            long amount = waiter.needs().get(i).amount();
            limit.refer(1);
            limit.take(amount, now);
            table.changed(limit);
            all.add(new Taken(limit, amount));
        }
        return new Hold(all);
    }

    @GuardedBy("lock")
    private void leave(Waiter waiter) {
        if (waiting.remove(waiter)) {
            waiter.limits().forEach(limit -> limit.waits(-1));
        }
    }

    @GuardedBy("lock")
    private void end(Hold hold) {
        hold.end();
        hold.all().forEach(taken -> taken.limit.refer(-1));
    }

    @GuardedBy("lock")
    private void set(Hold hold, LimitKind kind, long amount) {
        for (var taken : hold.all()) {
            if (taken.limit.key().kind() == kind) {
                set(taken, amount);
            }
        }
    }

    @GuardedBy("lock")
    private void set(Taken taken, long amount) {
        if (amount != taken.amount) {
            taken.limit.take(amount - taken.amount, now());
            taken.amount = amount;
            table.changed(taken.limit);
        }
    }
}
