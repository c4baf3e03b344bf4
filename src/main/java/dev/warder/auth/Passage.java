package dev.warder.auth;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.auth.Gates.GateFaults;
import dev.warder.auth.Gates.RegisteredGate;
import dev.warder.container.Cancellation;
import dev.warder.http.ErrorReply;
import dev.warder.record.CompletedRequest;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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
    private final List<RegisteredGate> gates;
    private final String requestId;
    private final LongSupplier nanoTime;
    private final Meters meters;
    private final Cancellation releases = new Cancellation();

    /** Completes with the refusal, or with none when all gates of the round have granted; never after a withdrawal. */
    @GuardedBy("this")
    private CompletableFuture<Optional<ErrorReply>> round = new CompletableFuture<>();

    @GuardedBy("this")
    private @Nullable PendingVerdict pending;

    @GuardedBy("this")
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
        var next = new CompletableFuture<Optional<ErrorReply>>();
        synchronized (this) {
            if (withdrawn) {
                return Optional.empty();
            }
            round = next;
        }
        proceed(inquiry, needs, 0);
        return next.getNow(Optional.empty());
    }

    public synchronized boolean isWaiting() {
        return pending != null;
    }

    /**
     * Reports the end of the round once: during this call if it has ended, otherwise on the thread of the gate that decides
     * last. Reports nothing after a withdrawal.
     *
     * @param decided receives the refusal, or nothing if all gates have granted; must not throw
     */
    public void await(Consumer<Optional<ErrorReply>> decided) {
        CompletionStage<Optional<ErrorReply>> current = round();
        if (current != null) {
            current.thenAccept(decided);
        }
    }

    /** Null after a withdrawal. */
    private synchronized @Nullable CompletableFuture<Optional<ErrorReply>> round() {
        return withdrawn ? null : round;
    }

    public synchronized Optional<ErrorReply> overdue(long now) {
        return pending != null && now - pending.since > pending.gate.maxWaitNanos()
                ? Optional.of(ErrorReply.overloaded(
                        "The gateway could not admit this request in time.", GateFaults.RETRY_SECONDS))
                : Optional.empty();
    }

    /** No decision is waited for any more. Later grants are released at once; those before stay until the end. */
    public void withdraw() {
        PendingVerdict current;
        synchronized (this) {
            withdrawn = true;
            current = pending;
            pending = null;
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
            if (needs.contains(gate.needs())) {
                var verdict = GateFaults.call(
                        gate.name(),
                        requestId,
                        () -> gate.gate().ask(inquiry),
                        () -> Verdict.refused(GateFaults.undecided()));
                if (verdict instanceof Verdict.Later later) {
                    int next = i + 1;
                    waitFor(new PendingVerdict(gate, later, nanoTime.getAsLong(), () -> proceed(inquiry, needs, next)));
                    return;
                }
                if (!take((Verdict.Decision) verdict)) {
                    return;
                }
            }
        }
        finish(Optional.empty());
    }

    private void waitFor(PendingVerdict next) {
        boolean gone;
        synchronized (this) {
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
    @SuppressWarnings("ReferenceEquality") // Another wait may be equal.
    private void decided(PendingVerdict from, Verdict.@Nullable Decision decision, @Nullable Throwable fault) {
        try {
            boolean expected;
            synchronized (this) {
                expected = pending == from;
                pending = expected ? null : pending;
            }
            if (!expected) {
                if (decision instanceof Verdict.Granted late) {
                    late.release().ifPresent(last -> GateFaults.run(requestId, last));
                }
            } else if (decision == null) {
                throw fault == null ? new IllegalStateException("no decision") : fault;
            } else if (take(decision)) {
                from.next.run();
            }
        } catch (Throwable broken) {
            GateFaults.log(from.gate.name(), requestId, broken);
            finish(Optional.of(GateFaults.undecided()));
        }
    }

    /** Keeps a grant, or ends the round with the refusal; false if no further gate is to be asked. */
    private boolean take(Verdict.Decision decision) {
        if (!(decision instanceof Verdict.Granted granted)) {
            finish(Optional.of(((Verdict.Refused) decision).reply()));
            return false;
        }
        boolean kept = false;
        try {
            synchronized (this) {
                if (!withdrawn) {
                    granted.meter().ifPresent(meters::add);
                    granted.release().ifPresent(grant -> releases.add(() -> GateFaults.run(requestId, grant)));
                    kept = true;
                }
            }
        } finally {
            // Also where there is no memory to keep it.
            if (!kept) {
                granted.release().ifPresent(last -> GateFaults.run(requestId, last));
            }
        }
        return kept;
    }

    private void finish(Optional<ErrorReply> refusal) {
        var ended = round();
        if (ended != null) {
            ended.complete(refusal);
        }
    }

    /**
     * A gate that has not decided yet; compared by identity.
     *
     * @param since when it was asked, in nanoseconds
     * @param next asks the gates after it
     */
    private record PendingVerdict(RegisteredGate gate, Verdict.Later verdict, long since, Runnable next) {}
}
