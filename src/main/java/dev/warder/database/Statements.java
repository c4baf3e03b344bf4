package dev.warder.database;

import java.sql.PreparedStatement;
import java.sql.SQLException;

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
}
