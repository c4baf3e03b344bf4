/**
 * Reservations and spending of the budgets that nodes share, in the operator's database.
 *
 * <p>A node reserves money before requests spend it: {@link dev.warder.ledger.lease.LeaseStore#reserve} takes a lease
 * for each period of a budget, raises it, or gives part of it back. When the rows of a request are stored in the ledger,
 * {@link dev.warder.ledger.lease.Settling} moves their cost from what is leased to what is spent, in the same transaction,
 * so that each row is charged exactly once. What a node had reserved when it was killed becomes <em>unknown</em>: it counts
 * against the budget until the rows of its journal are stored.
 *
 * <p>The amounts that a node reserves are absolute, sums since its start, and are compared under a lock of the period's
 * row. A call that is repeated therefore changes nothing: it does no harm when the response to a COMMIT is lost. The same
 * is true of all other methods, except that a beat may count twice, and that a threshold is noted for one caller only.
 *
 * <p>Each transaction reads what is committed, locks the rows of all its periods in the order of their keys before it reads or
 * changes anything else of them ({@code LockedPeriods}), and changes leases, charges and adjustments of locked periods only. Two
 * transactions can therefore not wait for each other. The statements are the same for PostgreSQL and H2, and only the database's
 * clock is used.
 *
 * <p>In the database, for each period: what is leased is the sum of {@code granted - drawn} of its live leases; what is
 * unknown is the same sum of the leases of killed nodes; spent and overage together are the sum of charges and adjustments; and a
 * reservation is granted only while spent, overage, unknown and leased together stay within the cap. The view {@code
 * warder_budget_check} compares them.
 */
@NullMarked
package dev.warder.ledger.lease;

import org.jspecify.annotations.NullMarked;
