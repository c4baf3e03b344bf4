package dev.warder.policy.store;

import dev.warder.database.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;

/** The statements on {@code warder_policy_revision}, and the database's clock. The caller owns the transaction. */
final class RevisionTable {
    private static final String SELECT = "SELECT revision FROM warder_policy_revision";
    private static final String LOCK = "SELECT revision FROM warder_policy_revision FOR UPDATE";
    private static final String UPDATE = "UPDATE warder_policy_revision SET revision = ?";
    private static final String NOW = "SELECT CURRENT_TIMESTAMP";

    private RevisionTable() {}

    /** The newest revision. */
    static long read(Connection connection) throws SQLException {
        return revision(connection, SELECT);
    }

    /** The newest revision, and no other transaction can make one until this transaction has ended. */
    static long lock(Connection connection) throws SQLException {
        return revision(connection, LOCK);
    }

    /** Notes the revision that this transaction makes; its row is locked. */
    static void write(Connection connection, long revision) throws SQLException {
        try (var update = Statements.limited(connection.prepareStatement(UPDATE))) {
            update.setLong(1, revision);
            update.executeUpdate();
        }
    }

    /** When the transaction began, by the database's clock, in whole microseconds. */
    static Instant now(Connection connection) throws SQLException {
        try (var select = Statements.limited(connection.prepareStatement(NOW));
                var row = select.executeQuery()) {
            row.next();
            return row.getObject(1, OffsetDateTime.class).toInstant().truncatedTo(ChronoUnit.MICROS);
        }
    }

    private static long revision(Connection connection, String sql) throws SQLException {
        try (var select = Statements.limited(connection.prepareStatement(sql));
                var row = select.executeQuery()) {
            if (!row.next()) {
                throw new SQLException("the table warder_policy_revision has lost its row", "02000");
            }
            return row.getLong(1);
        }
    }
}
