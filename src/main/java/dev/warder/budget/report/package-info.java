/**
 * What administrators see of budgets: what all nodes have spent and reserved, who waits, and what was refused.
 *
 * <p>{@link dev.warder.budget.report.BudgetReports} makes a report of the budgets in {@code policy.file}, of the numbers in the
 * database, and of what this node knows, a {@link dev.warder.budget.report.NodeBudgets}. Every part of a report is bounded,
 * however many clients, sessions or requests there are. Amounts are nano-dollars.
 */
@NullMarked
package dev.warder.budget.report;

import org.jspecify.annotations.NullMarked;
