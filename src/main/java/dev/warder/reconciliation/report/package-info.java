/**
 * Anthropic's side of reconciliation: the usage report and the cost report of one UTC day, as the Admin API documents them.
 *
 * <p>The usage report ({@code GET /v1/organizations/usage_report/messages}) has tokens and can be grouped by API key. The cost
 * report ({@code GET /v1/organizations/cost_report}) has amounts in cents as decimal text and cannot: it knows workspaces and,
 * in its lines, models, kinds of tokens, tiers, context windows and places. {@link
 * dev.warder.reconciliation.report.CostShares} therefore divides each line among the credentials by their tokens of that line.
 */
@NullMarked
package dev.warder.reconciliation.report;

import org.jspecify.annotations.NullMarked;
