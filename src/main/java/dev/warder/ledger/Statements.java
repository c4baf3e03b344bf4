package dev.warder.ledger;

import dev.warder.database.DatabaseSchema;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Statements with a limit of time. */
final class Statements {
    private Statements() {}

    /** Limits a statement, and returns it. */
    static PreparedStatement limited(PreparedStatement statement) throws SQLException {
        statement.setQueryTimeout((int) DatabaseSchema.LIMIT.toSeconds());
        return statement;
    }
}
