package dev.warder.standalone;

import dev.warder.database.DatabaseSchema;
import dev.warder.database.DatabaseSchema.SchemaException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.sql.DataSource;
import org.h2.tools.Csv;
import org.postgresql.util.PSQLException;

/**
 * Copies all tables of an H2 to a PostgreSQL that has none of their rows, in one transaction. Rows travel as CSV, which both
 * databases read and write themselves. One thread at a time.
 *
 * @param from an H2 that nothing else uses
 * @param to a PostgreSQL
 */
record DatabaseCopy(DataSource from, DataSource to) {
    /** Why nothing was copied. The message is for the operator. */
    static final class CopyException extends Exception {
        CopyException(String message) {
            super(message);
        }
    }

    /**
     * Brings the tables of both up to date and copies the rows.
     *
     * @return the number of rows of each table
     * @throws CopyException if nothing was copied
     */
    Map<String, Long> run() throws CopyException {
        try {
            prepare(from, "the embedded database cannot be read");
            prepare(to, "the database of database.url cannot be used");
            return copy();
        } catch (SQLException failed) {
            throw new CopyException("a database failed (" + state(failed) + "); nothing was copied");
        }
    }

    private static void prepare(DataSource source, String problem) throws SQLException, CopyException {
        try {
            new DatabaseSchema(source, DatabaseSchema.Tables.LEDGER).bringUpToDate();
        } catch (SchemaException unusable) {
            throw new CopyException(problem + ": its tables cannot be brought up to date");
        } catch (SQLException away) {
            throw new CopyException(problem + " (" + state(away) + ")");
        }
    }

    private Map<String, Long> copy() throws SQLException, CopyException {
        try (var source = from.getConnection();
                var target = to.getConnection()) {
            target.setAutoCommit(false);
            try {
                check(source, target);
                var counts = new LinkedHashMap<String, Long>();
                for (var table : Tables.NAMES) {
                    counts.put(table, copy(source, target, table));
                }
                commit(target);
                return counts;
            } finally {
                // After a commit this does nothing.
                target.rollback();
            }
        }
    }

    private static void check(Connection source, Connection target) throws SQLException, CopyException {
        try (var statement = source.createStatement()) {
            if (!Tables.areAllOf(statement)) {
                throw new CopyException("the embedded database has tables of a later version; use its WAR");
            }
        }
        try (var statement = target.createStatement()) {
            lock(statement);
            Tables.clear(statement);
            statement.setMaxRows(1);
            for (var table : Tables.NAMES) {
                try (var rows = Tables.rows(statement, table)) {
                    if (rows.next()) {
                        throw new CopyException("the database of database.url has rows in " + table
                                + "; give an empty one, which no gateway has used");
                    }
                }
            }
        }
    }

    private static void lock(Statement statement) throws CopyException {
        try {
            Tables.lock(statement);
        } catch (SQLException inUse) {
            throw new CopyException("the database of database.url is in use (" + state(inUse) + "); stop the gateways");
        }
    }

    /** Copies all rows, and returns how many. H2 may throw a RuntimeException if a database fails. */
    private static long copy(Connection source, Connection target, String table) throws CopyException {
        try (var statement = source.createStatement();
                var rows = Tables.rows(statement, table)) {
            var load = new PostgresRows(target, table);
            var csv = new Csv();
            csv.setWriteColumnHeader(false);
            long written = csv.write(new OutputStreamWriter(load.stream(), StandardCharsets.UTF_8), rows);
            if (load.taken() != written) {
                throw new CopyException(
                        "the databases count the rows of " + table + " differently; nothing was copied");
            }
            return written;
        } catch (SQLException | RuntimeException failed) {
            throw new CopyException(table + " cannot be copied (" + state(failed) + "); nothing was copied");
        }
    }

    private static void commit(Connection target) throws CopyException {
        try {
            target.commit();
        } catch (SQLException failed) {
            throw new CopyException("the connection failed at the end (" + state(failed)
                    + "); the database of database.url has all rows or none");
        }
    }

    /** The state of the first failure of a database: H2 wraps what PostgreSQL's driver throws. */
    private static String state(Throwable failed) {
        for (Throwable each = failed; each != null; each = each.getCause()) {
            if (each instanceof PSQLException sql && sql.getSQLState() != null) {
                return "SQL state " + sql.getSQLState();
            }
        }
        return failed instanceof SQLException sql
                ? "SQL state " + Objects.requireNonNullElse(sql.getSQLState(), "unknown")
                : failed.getClass().getSimpleName();
    }

    /** The tables of this application, with their statements, which are made of constants alone. */
    static final class Tables {
        /** No table refers to another one, so that their order does not matter. */
        static final List<String> NAMES = List.of(
                """
                warder_oauth_token warder_ledger warder_intent warder_node warder_rollup warder_usage warder_class_usage
                warder_policy                 warder_budget_period warder_lease warder_charge warder_budget_adjustment warder_budget_node
                warder_budget_bound warder_limit warder_limit_slot warder_limit_node warder_policy_revision
                warder_policy_object warder_access_token warder_audit warder_idempotency warder_reconciliation_lease
                warder_reconciliation_day warder_reconciliation_line warder_adjustment warder_increase_request
                """
                        .split("\\s+"));

        private static final String COUNT =
                """
                SELECT COUNT(*) FROM information_schema.tables
                WHERE table_schema = CURRENT_SCHEMA AND table_type = 'BASE TABLE' AND LOWER(table_name) LIKE 'warder_%'
                """;

        private Tables() {}

        /** Makes an H2 ready to be read, and returns whether it has no tables of a later version. */
        static boolean areAllOf(Statement from) throws SQLException {
            // Otherwise H2 keeps all rows of a table before the first one is sent.
            from.execute("SET LAZY_QUERY_EXECUTION TRUE");
            try (var rows = from.executeQuery(COUNT)) {
                // With the table of the history.
                return rows.next() && rows.getInt(1) == NAMES.size() + 1;
            }
        }

        /**
         * Locks all tables until the end of the transaction: a gateway that starts meanwhile waits.
         *
         * @throws SQLException with the state 55P03 if another transaction uses them
         */
        static void lock(Statement to) throws SQLException {
            to.execute("LOCK TABLE ".concat(String.join(", ", NAMES)).concat(" IN EXCLUSIVE MODE NOWAIT"));
        }

        /** Deletes the rows that tables have from their beginning, unless they were changed. */
        static void clear(Statement to) throws SQLException {
            to.executeUpdate("DELETE FROM warder_policy WHERE highest = 0");
            to.executeUpdate("DELETE FROM warder_policy_revision WHERE revision = 0");
        }

        static ResultSet rows(Statement statement, String table) throws SQLException {
            return statement.executeQuery("SELECT * FROM ".concat(table));
        }
    }
}
