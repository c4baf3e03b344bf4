/**
 * The accounts of one node: what the database has granted to it of each budget, what requests hold of that, and who waits.
 * Amounts are nano-dollars.
 *
 * <p>{@link dev.warder.budget.account.Accounts} has one {@code Account} for each {@link
 * dev.warder.budget.account.ChargedBudget}, which is a budget in one window, in an {@code AccountBook}, and the {@code
 * WaitingLine}. It has the one lock for all of them, and three classes change them under it: {@link dev.warder.budget.account.Admissions} for requests that ask or wait, {@link
 * dev.warder.budget.account.Holds} for those that were admitted, and {@link dev.warder.budget.account.AccountLeases} for what the
 * database grants. No method waits, and this package has no threads: those of {@code dev.warder.budget} call it.
 *
 * <pre>
 *  HoldRequest ──► Admissions ──► Accounts ◄── Holds ◄── Hold
 *                   │             ▲     │
 *                   ▼     granted │     ▼ wants
 *               Admission       AccountLeases
 * </pre>
 *
 * <p>What becomes of a {@link dev.warder.budget.account.HoldRequest} is an {@link dev.warder.budget.account.Admission}: a {@link
 * dev.warder.budget.account.Hold}, a {@link dev.warder.budget.account.Waiter} in the line, or a refusal. An account has a {@code
 * SpendingLimit}, which decides whether it has enough, and a {@code LeaseDemand}, which is what the database is asked for. Others
 * see it as an {@link dev.warder.budget.account.AccountView}.
 */
@NullMarked
package dev.warder.budget.account;

import org.jspecify.annotations.NullMarked;
