/**
 * The store of the ledger: rows and reports, the journal of this node, and the accounts of budgets that nodes share.
 *
 * <p>{@link dev.warder.ledger.store.Intent} is the note of a request that is going to be sent; with its rows it is settled.
 * {@link dev.warder.ledger.store.LedgerRow} is a row with a value for each {@link dev.warder.ledger.store.Column}.
 * {@link dev.warder.ledger.store.Backlog} holds what is settled until it is in the database, from which exports and reports are
 * read. {@link dev.warder.ledger.store.Rollup} counts requests by minute and hour.
 *
 * <p>{@link dev.warder.ledger.store.Journal} is the backlog in files below {@code data.dir}; the package {@code ledger} defines
 * what is durable, and when. {@code JournalWriter} and {@code JournalAppender} append to the newest file, and {@code JournalSync}
 * forces files to the disk.
 *
 * <p><b>Budgets.</b> What nodes reserve and spend of the budgets that they share is in the same database. A node reserves money
 * before requests spend it: {@link dev.warder.ledger.store.LeaseStore#reserve} takes a lease for each period of a budget, raises
 * it, or gives part of it back. When the rows of a request are stored in the ledger, {@link dev.warder.ledger.store.Settling}
 * moves their cost from what is leased to what is spent, in the same transaction, so that each row is charged exactly once. What
 * a node had reserved when it was killed becomes <em>unknown</em>: it counts against the budget until the rows of its journal are
 * stored.
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
package dev.warder.ledger.store;

import org.jspecify.annotations.NullMarked;
