package dev.warder.quota.budget.simulation;

import java.util.function.LongBinaryOperator;

/** Reserves what a request can cost at most, and corrects that at its end. */
final class WorstCase implements SpendingRule {
    private final LongBinaryOperator reservation;
    private long free;
    private long spent;

    private WorstCase(long cap, LongBinaryOperator reservation) {
        this.free = cap;
        this.reservation = reservation;
    }

    /** Refuses a request if not all of it is free. */
    static WorstCase refusing(long cap) {
        return new WorstCase(cap, (worst, free) -> worst <= free ? worst : 0);
    }

    /** Reserves what is free if that is less, and refuses a request only if nothing is. */
    static WorstCase shrinking(long cap) {
        return new WorstCase(cap, (worst, free) -> Math.max(0, Math.min(worst, free)));
    }

    @Override
    public void ask(int agent, AgentRequest request, Answer answer) {
        long reserved = reservation.applyAsLong(request.worstCase(), free);
        if (reserved == 0) {
            answer.refused();
            return;
        }
        free -= reserved;
        answer.admitted((generated, complete) -> {
            long nanos = request.cost(generated);
            spent += nanos;
            free += reserved - nanos;
            return true;
        });
    }

    @Override
    public long recorded() {
        return spent;
    }
}
