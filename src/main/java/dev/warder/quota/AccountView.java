package dev.warder.quota;

import dev.warder.ledger.store.Amounts;
import dev.warder.ledger.store.LeaseState;
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
    public long spent() {
        return line().usedNanos();
    }

    public boolean isUsedUp() {
        long cap = seen.map(state -> state.all().amount()).orElse(Long.MAX_VALUE);
        return spent() >= cap - Amounts.edge(cap);
    }

    public BudgetLine line() {
        return new BudgetLine(terms.budget(), terms.window(), seen.map(LeaseState::all));
    }
}
