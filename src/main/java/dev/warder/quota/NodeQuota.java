package dev.warder.quota;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.quota.WaitingLine.Turn;
import dev.warder.quota.WaitingLine.Waiter;
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
        long now = now();
        return claim.isWaitedFor(now) ? claim.refusal(now) : claim.decide(now);
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
            var end = refusal.isPresent() ? refusal : overdue(waiter, longest, now);
            end.ifPresent(admission -> decided.put(waiter, admission));
        }
        decided.keySet().forEach(line::remove);
        decided.putAll(line.serve(now));
        decided.forEach((waiter, admission) -> {
            if (!admission.admits()) {
                waiter.claim.giveUp();
            }
        });
        return decided;
    }

    final synchronized int waiting() {
        return line.size();
    }

    /** The refusal of a request that has waited for the longest time. */
    @GuardedBy("this")
    Optional<Admission> overdue(Waiter waiter, Duration longest, long now) {
        return Optional.empty();
    }
}
