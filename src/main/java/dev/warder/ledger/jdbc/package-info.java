/**
 * The ledger in a database: {@link dev.warder.ledger.jdbc.DatabaseStore} owns the transactions, and each table has a class with
 * its statements, in SQL that PostgreSQL and H2 understand.
 */
@NullMarked
package dev.warder.ledger.jdbc;

import org.jspecify.annotations.NullMarked;
