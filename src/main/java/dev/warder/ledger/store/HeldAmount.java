package dev.warder.ledger.store;

/**
 * The hold of a request in the budgets that limit it, until it ends. Immutable.
 *
 * @param charged the run of the node that holds it, and these budgets
 * @param nanos the nano-dollars of each of them
 */
public record HeldAmount(Charged charged, long nanos) {}
