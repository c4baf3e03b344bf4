/**
 * The operator's database: the tables of this application, all their migrations, and connections that no thread waits for
 * without a limit.
 *
 * <p>The database is the DataSource {@code jdbc/warder}. An application server binds it; the standalone form opens it from
 * {@code database.url}, or as an embedded H2 below {@code data.dir} ({@link dev.warder.database.DatabaseSettings}). PostgreSQL
 * and H2 are supported, with the same statements for both. H2, the drivers and the connection pool are libraries of the
 * standalone form's class path, never of {@code WEB-INF/lib}: a server brings its own.
 *
 * <p>Migrations are by Flyway: it was in the WAR for the table of tokens, it works on all tested servers because the
 * migrations here are named in code (no search of the class path), and a history table that earlier releases wrote stays valid.
 * Each migration is a file of SQL, {@code NUMBER.sql} among the resources of this package, in the list of {@link
 * dev.warder.database.DatabaseSchema} with a checksum of its statements, which {@code DatabaseSchemaTest} reports. It never
 * changes, and is therefore not derived from code, which does. All are additive: tables and nullable columns are added, nothing
 * is renamed, dropped or made stricter, so that an older and a newer version of the application may run at the same time. A node
 * asks only for the {@linkplain dev.warder.database.DatabaseSchema.Tables tables that it needs}: where the database's user may
 * not create the tables of the ledger, logins still work.
 *
 * <p><b>A new column of the ledger</b> is a line at the end of {@link dev.warder.ledger.store.Column}, from which the journal,
 * the statements and exports follow, and the next migration, which {@link dev.warder.database.DatabaseSchema.Tables#LEDGER}
 * then needs. Tests compare both with each other, with {@code openapi.json} and with {@code ledger.md}.
 *
 * <p>Rows are read and written by Jdbi, in steps of {@link dev.warder.database.RepeatableTransactions}: {@link
 * dev.warder.database.Statements} sets it up. The SQL is constant text, in which the columns of the ledger come from their
 * definition. The ledger's rows and sums alone are written by the driver's own calls, and its sums by group are read as a
 * stream. Jdbi's exceptions stay in the steps.
 *
 * <p>Tables are named {@code warder_...}; their columns have no name that is reserved in either database.
 */
@NullMarked
package dev.warder.database;

import org.jspecify.annotations.NullMarked;
