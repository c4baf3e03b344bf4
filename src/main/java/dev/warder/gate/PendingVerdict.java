package dev.warder.gate;

import java.util.concurrent.CompletionStage;

/** A gate that has not decided yet; compared by identity. */
final class PendingVerdict {
    private final GateRound round;
    private final int index;
    private final Verdict.Later verdict;
    private final long since;

    /**
     * @param index the place of the gate in its round
     * @param since when the gate was asked, in nanoseconds
     */
    PendingVerdict(GateRound round, int index, Verdict.Later verdict, long since) {
        this.round = round;
        this.index = index;
        this.verdict = verdict;
        this.since = since;
    }

    GateRound round() {
        return round;
    }

    int index() {
        return index;
    }

    RegisteredGate gate() {
        return round.gates().get(index);
    }

    CompletionStage<? extends Verdict.Decision> decision() {
        return verdict.decision();
    }

    /** To be run when the decision is no longer needed. */
    Runnable withdrawal() {
        return verdict.withdrawal();
    }

    /** Whether the gate took longer than it may. */
    boolean isOverdue(long now) {
        return now - since > gate().maxWaitNanos();
    }
}
