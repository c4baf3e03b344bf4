package dev.warder.quota;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.quota.Waiter.Turn;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Amounts of this node that requests share, and the line of those that wait. One lock for all, since a request takes something of
 * each of its amounts or of none. Thread-safe; no method waits.
 */
abstract sealed class NodeQuota permits Accounts, NodeLimits {
    @GuardedBy("this")
    final WaitingLine line;

    private final LongSupplier nanoTime;

    /**
     * @param mostBytes how much memory the bodies of waiting requests may keep, except for large ones
     * @param nanoTime a clock that never goes back
     */
    NodeQuota(long mostBytes, LongSupplier nanoTime) {
        this.line = new WaitingLine(mostBytes);
        this.nanoTime = nanoTime;
    }

    /** The time of a clock that never goes back. */
    final long now() {
        return nanoTime.getAsLong();
    }

    /** Empty if the request has to wait: for what it lacks, or for what an earlier one waits for. */
    @GuardedBy("this")
    final Optional<Admission> decide(Claim claim) {
        return claim.isWaitedFor() ? claim.refusal(now()) : claim.decide(now());
    }

    @GuardedBy("this")
    final Admission await(Turn turn, Claim claim) {
        long now = now();
        var waiter = new Waiter(turn, claim, now);
        line.add(waiter, now);
        return new Admission.Waits(waiter);
    }

    /** The request of a waiter has ended. */
    final synchronized void withdraw(Waiter waiter) {
        line.remove(waiter);
        waiter.claim.giveUp();
    }

    /**
     * Decides about those that wait.
     *
     * @param longest how long a request may wait, unless its body is large
     * @return the requests that wait no longer; the caller completes their decisions
     */
    final synchronized Map<Waiter, Admission> serve(Duration longest) {
        long now = now();
        var decided = new LinkedHashMap<Waiter, Admission>();
        for (var waiter : line.all()) {
            var refusal = waiter.claim.refusal(now);
            if (refusal.isEmpty()
                    && now - waiter.since >= longest(waiter.turn, longest).toNanos()) {
                refusal = Optional.of(waiter.claim.waitedTooLong(isAway()));
            }
            if (refusal.isPresent()) {
                line.remove(waiter);
                waiter.claim.giveUp();
                decided.put(waiter, refusal.get());
            }
        }
        decided.putAll(line.serve(now));
        return decided;
    }

    final synchronized int waiting() {
        return line.size();
    }

    /** How long this request may wait. */
    @GuardedBy("this")
    abstract Duration longest(Turn turn, Duration usual);

    /** Whether the database could not be used at the last attempt. */
    @GuardedBy("this")
    abstract boolean isAway();
}
