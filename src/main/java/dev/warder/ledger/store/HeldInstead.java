package dev.warder.ledger.store;

import java.util.UUID;

/**
 * A request whose intent is noted holds another amount from now on. Immutable.
 *
 * @param intent the id of its intent
 * @param nanos the nano-dollars of each of its budgets
 */
public record HeldInstead(UUID intent, long nanos) implements JournalEntry {
    @Override
    public boolean isOfBudgets() {
        return true;
    }
}
