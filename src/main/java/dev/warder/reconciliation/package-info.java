/**
 * Reconciliation: compares Anthropic's report of each finished UTC day with the ledger, by model and credential.
 *
 * <p>{@link dev.warder.reconciliation.Reconciliation} compares days on one thread, and makes the lists of differences on another
 * one. Bookings run in the transactions of the audit. {@link dev.warder.reconciliation.report} reads the reports, {@link
 * dev.warder.reconciliation.store} has the tables.
 */
@NullMarked
package dev.warder.reconciliation;

import org.jspecify.annotations.NullMarked;
