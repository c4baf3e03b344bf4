package dev.warder.ledger.store;

/** A record of the journal. Immutable. */
public sealed interface JournalEntry permits HeldInstead, Intent, Intent.Settled {
    /** True for holds of a request, and for rows that are charged to budgets. */
    boolean isOfBudgets();
}
