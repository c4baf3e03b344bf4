/**
 * Reconciliation: what Anthropic reports of each finished UTC day against the ledger, by model and credential.
 *
 * <p>{@link dev.warder.reconciliation.Reconciliation} looks at days on one thread, and makes lists on another one. Bookings
 * run in the transactions of the audit. {@link dev.warder.reconciliation.report} reads the reports, {@link dev.warder.reconciliation.store} has the
 * tables.
 */
@NullMarked
package dev.warder.reconciliation;

import org.jspecify.annotations.NullMarked;
