package dev.warder.policy.store;

import dev.warder.database.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;

/** The statements on {@code warder_policy_revision}, and the database's clock. The caller owns the transaction. */
final class RevisionTable {
    private static final String SELECT = "SELECT revision, audit_number, audit_hash FROM warder_policy_revision";
    private static final String LOCK =
            "SELECT revision, audit_number, audit_hash FROM warder_policy_revision FOR UPDATE";
    private static final String UPDATE =
            "UPDATE warder_policy_revision SET revision = ?, audit_number = ?, audit_hash = ?";
    private static final String ENTRY = "SELECT hash FROM warder_audit WHERE number = ?";
    private static final String NOW = "SELECT CURRENT_TIMESTAMP";

    private RevisionTable() {}

    /** The newest revision. */
    static PolicyHead read(Connection connection) throws SQLException {
        return head(connection, SELECT);
    }

    /** The newest revision, and no other transaction can make one until this transaction has ended. */
    static PolicyHead lock(Connection connection) throws SQLException {
        return head(connection, LOCK);
    }

    /** Whether the content with this head was a content of this database: the audit has its last entry. */
    static boolean had(Connection connection, PolicyHead head) throws SQLException {
        try (var select = Statements.limited(connection.prepareStatement(ENTRY))) {
            select.setLong(1, head.entries());
            try (var row = select.executeQuery()) {
                return row.next() && row.getString(1).equals(head.hash());
            }
        }
    }

    /** Notes the revision that this transaction makes; its row is locked. */
    static void write(Connection connection, PolicyHead head) throws SQLException {
        try (var update = Statements.limited(connection.prepareStatement(UPDATE))) {
            update.setLong(1, head.revision());
            update.setLong(2, head.entries());
            update.setString(3, head.hash());
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

    private static PolicyHead head(Connection connection, String sql) throws SQLException {
        try (var select = Statements.limited(connection.prepareStatement(sql));
                var row = select.executeQuery()) {
            if (!row.next()) {
                throw new SQLException("the table warder_policy_revision has lost its row", "02000");
            }
            return new PolicyHead(row.getLong(1), row.getLong(2), row.getString(3));
        }
    }
}
