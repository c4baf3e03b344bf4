package dev.warder.ledger.store;

/** A record of the journal. Immutable. */
public sealed interface JournalEntry permits HeldInstead, Intent, Intent.Settled {
    /** Whether it states what a request holds of budgets, or what rows are charged to. */
    boolean isOfBudgets();
}
