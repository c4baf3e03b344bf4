package dev.warder.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;

/** Statements with a limit of time. */
public final class Statements {
    private Statements() {}

    /**
     * Limits a statement to {@link DatabaseSchema#LIMIT}, and returns it.
     *
     * @throws SQLException when the driver refuses the limit
     */
    public static PreparedStatement limited(PreparedStatement statement) throws SQLException {
        statement.setQueryTimeout((int) DatabaseSchema.LIMIT.toSeconds());
        return statement;
    }

    /** When the transaction began, by the database's clock, in whole microseconds. */
    public static Instant now(Connection connection) throws SQLException {
        try (var select = limited(connection.prepareStatement("SELECT CURRENT_TIMESTAMP"));
                var row = select.executeQuery()) {
            row.next();
            return row.getObject(1, OffsetDateTime.class).toInstant().truncatedTo(ChronoUnit.MICROS);
        }
    }
}
