/**
 * What people see of budgets. Administrators: what all nodes have spent and reserved, who waits, and what was refused. Clients:
 * refusals, and warnings on successful responses.
 *
 * <p>{@link dev.warder.budget.report.BudgetReports} makes a report of the budgets in {@code policy.file}, of the numbers in the
 * database, and of what this node knows, a {@link dev.warder.budget.report.NodeBudgets}. Every part of a report is bounded,
 * however many clients, sessions or requests there are. Amounts are nano-dollars.
 *
 * <p>{@link dev.warder.budget.report.BudgetStatus} is what clients are told about one budget, by {@link
 * dev.warder.budget.report.BudgetRefusal} and {@link dev.warder.budget.report.BudgetWarning}. Claude Code recognizes both by the
 * fields of {@code UnifiedFields} (rule "What a spent budget looks like").
 */
@NullMarked
package dev.warder.budget.report;

import org.jspecify.annotations.NullMarked;
