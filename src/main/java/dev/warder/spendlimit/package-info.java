/**
 * Spend limits, which are budgets by day, week or month, as administrators know them from Anthropic's Admin API: {@link
 * dev.warder.spendlimit.PeriodBudgets} sets them in a definition of the policy. {@link dev.warder.spendlimit.Increases} keeps the
 * requests of clients for higher ones, and sets the limit of one that is approved in the same transaction.
 */
@NullMarked
package dev.warder.spendlimit;

import org.jspecify.annotations.NullMarked;
