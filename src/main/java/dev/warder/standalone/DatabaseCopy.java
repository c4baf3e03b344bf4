package dev.warder.standalone;

import dev.warder.database.DatabaseSchema;
import dev.warder.database.SchemaException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import javax.sql.DataSource;
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
    Map<CopiedTable, Long> run() throws CopyException {
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
            new DatabaseSchema(source, DatabaseSchema.Tables.INCREASES).bringUpToDate();
        } catch (SchemaException unusable) {
            throw new CopyException(problem + ": its tables cannot be brought up to date");
        } catch (SQLException away) {
            throw new CopyException(problem + " (" + state(away) + ")");
        }
    }

    private Map<CopiedTable, Long> copy() throws SQLException, CopyException {
        try (var source = from.getConnection();
                var target = to.getConnection()) {
            target.setAutoCommit(false);
            try {
                check(source, target);
                var counts = new EnumMap<CopiedTable, Long>(CopiedTable.class);
                for (var table : CopiedTable.values()) {
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
        if (!CopiedTable.areAllOf(source)) {
            throw new CopyException("the embedded database has tables of a later version; use its WAR");
        }
        try {
            CopiedTable.lock(target);
        } catch (SQLException inUse) {
            throw new CopyException("the database of database.url is in use (" + state(inUse) + "); stop the gateways");
        }
        for (var table : CopiedTable.values()) {
            if (!table.isUnused(target)) {
                throw new CopyException("the database of database.url has rows in " + table.tableName()
                        + "; give an empty one, which no gateway has used");
            }
        }
    }

    private static long copy(Connection source, Connection target, CopiedTable table) throws CopyException {
        try {
            return table.copy(source, target);
        } catch (SQLException | IOException | RuntimeException failed) {
            throw new CopyException(
                    table.tableName() + " cannot be copied (" + state(failed) + "); nothing was copied");
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
}
