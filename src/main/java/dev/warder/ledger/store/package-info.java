/**
 * The rows and reports of a ledger. {@link dev.warder.ledger.store.Intent} is the note of a request that is going to be
 * sent; with its rows it is settled. {@link dev.warder.ledger.store.Backlog} holds what is settled until it is in the
 * database, from which exports and reports are read. {@link dev.warder.ledger.store.Rollup} counts requests by minute and
 * hour.
 */
@NullMarked
package dev.warder.ledger.store;

import org.jspecify.annotations.NullMarked;
