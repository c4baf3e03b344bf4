/**
 * Reconciliation: compares Anthropic's report of each finished UTC day with the ledger, by model and credential.
 *
 * <p>{@link dev.warder.reconcile.Reconciliation} compares days on one thread. {@link
 * dev.warder.reconcile.ReconciliationStore} has the tables: one conditional update of the row of a day decides which node
 * compares it. {@link dev.warder.reconcile.AdminReports} reads the two reports of a day. The usage report ({@code GET
 * /v1/organizations/usage_report/messages}) has tokens and can be grouped by API key. The cost report ({@code GET
 * /v1/organizations/cost_report}) has amounts in cents as decimal text and cannot: it knows workspaces and, in its lines, models,
 * kinds of tokens, tiers, context windows and places. {@link dev.warder.reconcile.CostShares} therefore divides each line
 * among the credentials by their tokens of that line.
 */
@NullMarked
package dev.warder.reconcile;

import org.jspecify.annotations.NullMarked;
