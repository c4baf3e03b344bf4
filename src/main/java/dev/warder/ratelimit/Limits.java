package dev.warder.ratelimit;

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

/**
 * The rate limits of this node. One lock for all, since a request takes something of each of its limits or of none. {@link
 * Shares} divides them among nodes, under the same lock. Thread-safe; no method waits.
 */
final class Limits {
    /** The upstream has counted a prompt by then. */
    private static final long COUNTED_NANOS = TimeUnit.SECONDS.toNanos(2);

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
            var waiter = waiter(needs, now);
            var decided = decide(waiter, now);
            if (decided.isEmpty()) {
                waiting.add(waiter);
            }
            return decided.orElseGet(() -> new Admission.Waits(waiter));
        }
    }

    /** A request waits no longer. */
    void withdraw(Waiter waiter) {
        synchronized (lock) {
            waiting.remove(waiter);
            forgetDemand(waiter);
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
            waiting.forEach(this::forgetDemand);
            for (var waiter : List.copyOf(waiting)) {
                decide(waiter, now).ifPresent(decision -> {
                    waiting.remove(waiter);
                    decided.put(waiter, decision);
                });
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

    /**
     * A model has taken this amount of its request's limits of this kind, instead of what was taken before; nothing after the
     * request's end.
     */
    void change(Hold hold, LimitKind kind, String model, long amount) {
        synchronized (lock) {
            if (!hold.hasEnded()) {
                for (var taken : hold.all()) {
                    if (taken.need.key().kind() == kind && taken.need.models().test(model)) {
                        set(taken, amount);
                    }
                }
            }
        }
    }

    /**
     * A request has ended. No effect if it ended before.
     *
     * @param tokens how many tokens it has taken of a limit of tokens
     */
    void end(Hold hold, ToLongFunction<Need> tokens) {
        synchronized (lock) {
            if (!hold.hasEnded()) {
                for (var taken : hold.all()) {
                    var kind = taken.need.key().kind();
                    if (kind.isOfTokens()) {
                        set(taken, tokens.applyAsLong(taken.need));
                    } else if (kind == LimitKind.CONCURRENT) {
                        set(taken, 0);
                    }
                }
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

    /** What is left of each limit for a minute that a request has, or needs. */
    List<LimitState> states(List<Need> needs) {
        synchronized (lock) {
            long now = now();
            var states = new ArrayList<LimitState>();
            for (var need : needs) {
                if (table.of(need, now) instanceof Bucket bucket) {
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

    @GuardedBy("lock")
    private Waiter waiter(List<Need> needs, long now) {
        var limits = new ArrayList<Limit>(needs.size());
        for (var need : needs) {
            limits.add(table.of(need, now));
        }
        return new Waiter(needs, limits);
    }

    /** Notes what it lacks, if it has to wait. It also waits for what an earlier request waits for. */
    @GuardedBy("lock")
    private Optional<Admission> decide(Waiter waiter, long now) {
        var lacking = new ArrayList<Integer>(0);
        for (int i = 0; i < waiter.limits().size(); i++) {
            var limit = waiter.limits().get(i);
            long amount = waiter.needs().get(i).amount();
            boolean lacks = !limit.has(amount, now);
            if (lacks) {
                long nanos = limit.wait(amount, now);
                if (nanos != Limit.ASK) {
                    return Optional.of(new Admission.Exhausted(limit.key(), retry(limit, amount, nanos, now)));
                }
            }
            if (lacks || sharing.asks() && !limit.demand().isEmpty()) {
                lacking.add(i);
            }
        }
        if (lacking.isEmpty()) {
            return Optional.of(new Admission.Admitted(take(waiter, now)));
        }
        for (int i : lacking) {
            var limit = waiter.limits().get(i);
            limit.demand().add(waiter, waiter.needs().get(i).amount());
            table.changed(limit);
        }
        return Optional.empty();
    }

    /** What prompts have taken in excess is given back when they are counted, which is soon. */
    private static long retry(Limit limit, long amount, long nanos, long now) {
        return limit.has(amount - limit.use().uncounted(), now) ? Math.min(nanos, COUNTED_NANOS) : nanos;
    }

    @GuardedBy("lock")
    private Hold take(Waiter waiter, long now) {
        var all = new ArrayList<Taken>(waiter.limits().size());
        for (int i = 0; i < waiter.limits().size(); i++) {
            var limit = waiter.limits().get(i);
            var need = waiter.needs().get(i);
            limit.refer(1);
            limit.take(need.amount(), now);
            table.changed(limit);
            all.add(new Taken(limit, need));
        }
        return new Hold(all);
    }

    @GuardedBy("lock")
    private void forgetDemand(Waiter waiter) {
        waiter.limits().forEach(limit -> limit.demand().remove(waiter));
    }

    @GuardedBy("lock")
    private void end(Hold hold) {
        hold.end();
        hold.all().forEach(taken -> taken.limit.refer(-1));
    }

    @GuardedBy("lock")
    private void set(Taken taken, long amount) {
        taken.counted();
        if (amount != taken.amount) {
            taken.limit.take(amount - taken.amount, now());
            taken.amount = amount;
            table.changed(taken.limit);
        }
    }
}
