package dev.warder.standalone;

import java.io.OutputStream;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.PGCopyOutputStream;

/**
 * Rows on their way into a table of a PostgreSQL, by its driver's own calls. Error Prone passes over this file, and NullAway with
 * it: the driver's package has annotations that are not on the class path. One thread at a time.
 */
final class PostgresRows {
    private final CopyIn load;

    /** Begins the statement that loads a table of this application. */
    PostgresRows(Connection to, String table) throws SQLException {
        load = to.unwrap(PGConnection.class).getCopyAPI().copyIn("COPY " + table + " FROM STDIN (FORMAT csv)");
    }

    /** Takes the rows; its end is the statement's end. */
    OutputStream stream() {
        return new PGCopyOutputStream(load);
    }

    /** How many rows the database has taken, after the end. */
    long taken() {
        return load.getHandledRowCount();
    }
}
