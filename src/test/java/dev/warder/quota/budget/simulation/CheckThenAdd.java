package dev.warder.quota.budget.simulation;

/** Admits requests as long as what is recorded is less than the budget, and records what each has cost at its end. */
final class CheckThenAdd implements SpendingRule {
    private final long cap;
    private long spent;

    CheckThenAdd(long cap) {
        this.cap = cap;
    }

    @Override
    public void ask(int agent, AgentRequest request, Answer answer) {
        if (spent >= cap) {
            answer.refused();
            return;
        }
        answer.admitted((generated, complete) -> {
            spent += request.cost(generated);
            return true;
        });
    }

    @Override
    public long recorded() {
        return spent;
    }
}
