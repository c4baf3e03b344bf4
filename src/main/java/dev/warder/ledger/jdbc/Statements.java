package dev.warder.ledger.jdbc;

import dev.warder.database.DatabaseSchema;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Statements with a limit of time. */
public final class Statements {
    private Statements() {}

    /** Limits a statement, and returns it. */
    static PreparedStatement limited(PreparedStatement statement) throws SQLException {
        statement.setQueryTimeout((int) DatabaseSchema.LIMIT.toSeconds());
        return statement;
    }
}
