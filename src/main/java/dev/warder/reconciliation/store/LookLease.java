package dev.warder.reconciliation.store;

import dev.warder.database.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.UUID;

/** The statements on {@code warder_reconciliation_lease}, by the database's clock. The caller owns the transaction. */
final class LookLease {
    private static final String TAKE =
            """
            UPDATE warder_reconciliation_lease
            SET run = ?, ends_at = CURRENT_TIMESTAMP + INTERVAL '180' SECOND
            WHERE name = 'look' AND (run = ? OR ends_at < CURRENT_TIMESTAMP)
            """;

    private static final String INSERT =
            """
            INSERT INTO warder_reconciliation_lease (name, run, ends_at)
            VALUES ('look', ?, CURRENT_TIMESTAMP + INTERVAL '180' SECOND)
            """;

    private static final String EXISTS = "SELECT COUNT(*) FROM warder_reconciliation_lease WHERE name = 'look'";

    private static final String RENEW =
            """
            UPDATE warder_reconciliation_lease SET ends_at = CURRENT_TIMESTAMP + INTERVAL '180' SECOND
            WHERE name = 'look' AND run = ? AND ends_at >= CURRENT_TIMESTAMP
            """;

    private static final String END =
            "UPDATE warder_reconciliation_lease SET ends_at = CURRENT_TIMESTAMP - INTERVAL '1' SECOND WHERE run = ?";

    private static final String NOW = "SELECT CURRENT_TIMESTAMP";

    private LookLease() {}

    /** Takes the lease for a run; the time of day if it is free or the run's own. Two that insert it: one is repeated. */
    static Optional<Instant> take(Connection connection, UUID run) throws SQLException {
        if (update(connection, TAKE, run, run)) {
            return Optional.of(now(connection));
        }
        if (exists(connection)) {
            return Optional.empty();
        }
        update(connection, INSERT, run);
        return Optional.of(now(connection));
    }

    /** Whether the run still had the lease, which is longer then. Its row stays locked until the end of the transaction. */
    static boolean renew(Connection connection, UUID run) throws SQLException {
        return update(connection, RENEW, run);
    }

    static void end(Connection connection, UUID run) throws SQLException {
        update(connection, END, run);
    }

    static Instant now(Connection connection) throws SQLException {
        try (var select = Statements.limited(connection.prepareStatement(NOW));
                var row = select.executeQuery()) {
            row.next();
            return row.getObject(1, OffsetDateTime.class).toInstant();
        }
    }

    private static boolean exists(Connection connection) throws SQLException {
        try (var select = Statements.limited(connection.prepareStatement(EXISTS));
                var row = select.executeQuery()) {
            return row.next() && row.getLong(1) > 0;
        }
    }

    private static boolean update(Connection connection, String sql, UUID... runs) throws SQLException {
        try (var update = Statements.limited(connection.prepareStatement(sql))) {
            for (int i = 0; i < runs.length; i++) {
                update.setString(i + 1, runs[i].toString());
            }
            return update.executeUpdate() > 0;
        }
    }
}
