/**
 * What clients read about budgets: refusals, and warnings on successful responses. Pure functions of numbers that other
 * packages know; nothing here measures or decides.
 *
 * <p>{@link dev.warder.budget.reply.BudgetStatus} is what there is to report about one budget. {@link
 * dev.warder.budget.reply.BudgetRefusal} has the errors, and {@link dev.warder.budget.reply.BudgetWarning} the fields of a
 * warning. Claude Code recognizes both by the fields of {@link dev.warder.budget.reply.UnifiedFields} (rule "What a spent
 * budget looks like").
 */
@NullMarked
package dev.warder.budget.reply;

import org.jspecify.annotations.NullMarked;
