package dev.warder.quota.budget;

import dev.warder.ledger.lease.LeaseState;
import java.util.Optional;

/**
 * The numbers of one budget on this node, in nano-dollars. Immutable.
 *
 * @param seen the database's view after the last reservation; empty before the first
 * @param granted what the database has given to this node since its start
 * @param charged what requests of this node have cost since its start
 * @param held what open requests may still cost
 * @param waiting how many requests wait for it
 */
public record AccountView(
        ChargedBudget terms, Optional<LeaseState> seen, long granted, long charged, long held, int waiting) {
    /** What was spent of the budget on all nodes, as far as the database has it. */
    public long spent() {
        return seen.map(state -> state.spent() + state.overage()).orElse(0L);
    }

    /** Whether nothing is left that a new request may use. */
    public boolean isUsedUp() {
        long cap = seen.map(LeaseState::cap).orElse(Long.MAX_VALUE);
        return spent() >= cap - SpendingLimit.edge(cap);
    }

    /** What there is to report about it. */
    public BudgetStatus status() {
        return new BudgetStatus(terms.budget(), terms.window(), spent());
    }

    /** Its numbers as they were at the last reservation. */
    public BudgetLine line() {
        var amounts = seen.map(
                state -> new Amounts(state.cap(), state.spent(), state.overage(), state.leased(), state.unknown()));
        return new BudgetLine(terms.budget(), terms.window(), amounts);
    }
}
