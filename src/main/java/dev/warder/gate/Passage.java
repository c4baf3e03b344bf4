package dev.warder.gate;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.gate.Gates.RegisteredGate;
import dev.warder.http.ErrorReply;
import dev.warder.record.CompletedRequest;
import dev.warder.state.Cancellation;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One request's way through the gates, in one or two rounds: those that need the head, and those that need the body. No
 * thread waits: a gate that decides later completes the round on its own thread.
 *
 * <p>Thread-safe; the code of gates, meters and listeners runs without the lock.
 */
public final class Passage {
    /** The end of a round; empty when all gates have granted. */
    private record Outcome(Optional<ErrorReply> refusal) {}

    private final List<RegisteredGate> gates;
    private final String requestId;
    private final LongSupplier nanoTime;
    private final Meters meters;
    private final Cancellation releases = new Cancellation();
    private final Object lock = new Object();

    @GuardedBy("lock")
    private @Nullable PendingVerdict pending;

    @GuardedBy("lock")
    private @Nullable Outcome outcome;

    @GuardedBy("lock")
    private @Nullable Consumer<Optional<ErrorReply>> listener;

    @GuardedBy("lock")
    private boolean withdrawn;

    Passage(List<RegisteredGate> gates, String requestId, LongSupplier nanoTime) {
        this.gates = gates;
        this.requestId = requestId;
        this.nanoTime = nanoTime;
        this.meters = new Meters(requestId);
    }

    public Meters meters() {
        return meters;
    }

    /**
     * Begins a round: asks the gates that need this, until one refuses or decides later. The previous round must have ended.
     *
     * @return the refusal, if it is there at once; otherwise see {@link #await}
     */
    public Optional<ErrorReply> ask(Inquiry inquiry, Set<Gate.Needs> needs) {
        synchronized (lock) {
            outcome = null;
            listener = null;
            if (withdrawn) {
                return Optional.empty();
            }
        }
        proceed(inquiry, needs, 0);
        synchronized (lock) {
            return outcome == null ? Optional.empty() : outcome.refusal();
        }
    }

    public boolean isWaiting() {
        synchronized (lock) {
            return pending != null;
        }
    }

    /**
     * Reports the end of the round once: during this call if it has ended, otherwise on the thread of the gate that decides
     * last. Reports nothing after a withdrawal.
     *
     * @param decided receives the refusal, or nothing if all gates have granted; must not throw
     */
    public void await(Consumer<Optional<ErrorReply>> decided) {
        Outcome known;
        synchronized (lock) {
            known = outcome;
            listener = known == null && !withdrawn ? decided : null;
        }
        if (known != null) {
            decided.accept(known.refusal());
        }
    }

    public Optional<ErrorReply> overdue(long now) {
        PendingVerdict current;
        synchronized (lock) {
            current = pending;
        }
        return current != null && current.isOverdue(now) ? Optional.of(GateFaults.timedOut()) : Optional.empty();
    }

    /** No decision is waited for any more. Later grants are released at once; those before stay until the end. */
    public void withdraw() {
        PendingVerdict current;
        synchronized (lock) {
            withdrawn = true;
            current = pending;
            pending = null;
            outcome = null;
            listener = null;
        }
        if (current != null) {
            GateFaults.run(requestId, current.verdict.withdrawal());
        }
    }

    void end(Optional<CompletedRequest> request) {
        withdraw();
        try {
            meters.end(request);
        } finally {
            // No grant is kept after the withdrawal.
            releases.cancel();
        }
    }

    private void proceed(Inquiry inquiry, Set<Gate.Needs> needs, int first) {
        for (int i = first; i < gates.size(); i++) {
            var gate = gates.get(i);
            if (!needs.contains(gate.needs())) {
                continue;
            }
            var verdict = GateFaults.ask(gate, inquiry);
            if (verdict instanceof Verdict.Later later) {
                waitFor(new PendingVerdict(gate, inquiry, needs, i, later, nanoTime.getAsLong()));
                return;
            } else if (verdict instanceof Verdict.Refused refused) {
                finish(Optional.of(refused.reply()));
                return;
            } else if (verdict instanceof Verdict.Granted granted && !keep(granted)) {
                return;
            }
        }
        finish(Optional.empty());
    }

    private void waitFor(PendingVerdict next) {
        boolean gone;
        synchronized (lock) {
            gone = withdrawn;
            pending = gone ? null : next;
        }
        if (gone) {
            GateFaults.run(requestId, next.verdict.withdrawal());
        }
        try {
            next.verdict.decision().whenComplete((decision, fault) -> decided(next, decision, fault));
        } catch (RuntimeException | Error fault) {
            decided(next, null, fault);
        }
    }

    /** Called by a stage, which swallows exceptions: without a refusal the request would wait without a limit. */
    private void decided(PendingVerdict from, Verdict.@Nullable Decision decision, @Nullable Throwable fault) {
        try {
            take(from, decision, fault);
        } catch (Throwable broken) {
            finish(Optional.of(
                    GateFaults.refusal(from.gate().name(), requestId, broken).reply()));
        }
    }

    @SuppressWarnings("ReferenceEquality") // Another wait may be equal.
    private void take(PendingVerdict from, Verdict.@Nullable Decision decision, @Nullable Throwable fault) {
        boolean expected;
        synchronized (lock) {
            expected = pending == from;
            pending = expected ? null : pending;
        }
        if (!expected) {
            if (decision instanceof Verdict.Granted late) {
                late.release().ifPresent(this::release);
            }
        } else if (decision instanceof Verdict.Granted granted) {
            if (keep(granted)) {
                proceed(from.inquiry, from.needs, from.index + 1);
            }
        } else if (decision instanceof Verdict.Refused refused) {
            finish(Optional.of(refused.reply()));
        } else {
            var cause = fault == null ? new IllegalStateException("no decision") : fault;
            finish(Optional.of(
                    GateFaults.refusal(from.gate().name(), requestId, cause).reply()));
        }
    }

    private boolean keep(Verdict.Granted granted) {
        boolean kept = false;
        try {
            synchronized (lock) {
                if (!withdrawn) {
                    if (granted.meter().isPresent()) {
                        meters.add(granted.meter().get());
                    }
                    if (granted.release().isPresent()) {
                        releases.add(() -> release(granted.release().get()));
                    }
                    kept = true;
                }
            }
        } finally {
            // Also where there is no memory to keep it.
            if (!kept) {
                granted.release().ifPresent(this::release);
            }
        }
        return kept;
    }

    private void finish(Optional<ErrorReply> refusal) {
        Consumer<Optional<ErrorReply>> waiting;
        synchronized (lock) {
            if (withdrawn) {
                return;
            }
            waiting = listener;
            listener = null;
            outcome = new Outcome(refusal);
        }
        if (waiting != null) {
            waiting.accept(refusal);
        }
    }

    private void release(Runnable grant) {
        GateFaults.run(requestId, grant);
    }

    /**
     * A gate that has not decided yet; compared by identity.
     *
     * @param needs those of the gates of the round
     * @param index the place of the gate among all
     * @param since when it was asked, in nanoseconds
     */
    private record PendingVerdict(
            RegisteredGate gate, Inquiry inquiry, Set<Gate.Needs> needs, int index, Verdict.Later verdict, long since) {
        boolean isOverdue(long now) {
            return now - since > gate.maxWaitNanos();
        }
    }
}
