/**
 * What the operator's database keeps of reconciliation: the days that were compared, both sides of each day, model and
 * credential, and the differences that administrators have booked. One node at a time compares, under a lease by the database's
 * clock; what a node writes after its lease has ended is refused.
 *
 * <p>A booking is a part of the transaction that has its entry of the audit: it locks the row of its day, adds a row to {@code
 * warder_adjustment} for each line whose difference is not booked yet, and charges the sum to the periods of the organization's budgets. Transactions lock the
 * lease or the row of the policy, then the day, then periods.
 */
@NullMarked
package dev.warder.reconciliation.store;

import org.jspecify.annotations.NullMarked;
