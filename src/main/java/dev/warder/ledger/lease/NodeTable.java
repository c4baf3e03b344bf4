package dev.warder.ledger.lease;

import dev.warder.database.Statements;
import dev.warder.ledger.store.StoredText;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The statements on {@code warder_budget_node}. The caller owns the transaction. */
final class NodeTable {
    private static final String BEAT =
            "UPDATE warder_budget_node SET beat = beat + 1, seen_at = CURRENT_TIMESTAMP WHERE run = ?";

    private static final String FIRST =
            "INSERT INTO warder_budget_node (run, node, beat, seen_at) VALUES (?, ?, 1, CURRENT_TIMESTAMP)";

    private static final String BEATS =
            """
            SELECT run, beat FROM warder_budget_node
            UNION ALL
            SELECT DISTINCT run, 0 FROM warder_lease lease
            WHERE state = 'live' AND (granted > drawn OR wanted > 0)
                AND NOT EXISTS (SELECT 1 FROM warder_budget_node node WHERE node.run = lease.run)
            """;

    private static final String LIVE = "SELECT COUNT(*), CURRENT_TIMESTAMP FROM warder_budget_node"
            + " WHERE seen_at > CURRENT_TIMESTAMP - INTERVAL '60' SECOND";

    private static final String RUNS = "SELECT run FROM warder_budget_node WHERE node = ?";

    private static final String DELETE = "DELETE FROM warder_budget_node WHERE run = ?";

    private NodeTable() {}

    static void beat(Connection connection, UUID run, String node) throws SQLException {
        try (var update = Statements.limited(connection.prepareStatement(BEAT))) {
            update.setString(1, run.toString());
            if (update.executeUpdate() > 0) {
                return;
            }
        }
        try (var insert = Statements.limited(connection.prepareStatement(FIRST))) {
            insert.setString(1, run.toString());
            insert.setString(2, name(node));
            insert.executeUpdate();
        }
    }

    static Map<UUID, Long> beats(Connection connection) throws SQLException {
        var beats = new HashMap<UUID, Long>();
        try (var select = Statements.limited(connection.prepareStatement(BEATS));
                var rows = select.executeQuery()) {
            while (rows.next()) {
                beats.put(UUID.fromString(rows.getString(1)), rows.getLong(2));
            }
        }
        return beats;
    }

    static LiveNodes live(Connection connection) throws SQLException {
        try (var select = Statements.limited(connection.prepareStatement(LIVE));
                var rows = select.executeQuery()) {
            rows.next();
            return new LiveNodes(
                    rows.getInt(1), rows.getObject(2, OffsetDateTime.class).toInstant());
        }
    }

    static List<UUID> runsOf(Connection connection, String node) throws SQLException {
        var runs = new ArrayList<UUID>();
        try (var select = Statements.limited(connection.prepareStatement(RUNS))) {
            select.setString(1, name(node));
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    runs.add(UUID.fromString(rows.getString(1)));
                }
            }
        }
        return runs;
    }

    static void delete(Connection connection, UUID run) throws SQLException {
        try (var delete = Statements.limited(connection.prepareStatement(DELETE))) {
            delete.setString(1, run.toString());
            delete.executeUpdate();
        }
    }

    private static String name(String node) {
        return StoredText.of(node, 64);
    }
}
