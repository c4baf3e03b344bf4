package dev.warder.ledger;

import dev.warder.database.Statements;
import dev.warder.http.Dialect;
import dev.warder.ledger.store.Intent;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What older versions have left in {@code warder_intent}: requests that they were about to send, where they had no {@code
 * data.dir}. The caller owns the transaction.
 */
final class IntentTable {
    private static final String DELETE = "DELETE FROM warder_intent WHERE try_id = ?";

    /** Those of nodes that have not been seen lately, by the database's clock; this node looks every 10 s, so within a minute. */
    private static final String LEFT =
            """
            SELECT try_id, request_id, admitted_at, client, session_id, dialect, model_asked FROM warder_intent
            WHERE NOT EXISTS (
                SELECT 1 FROM warder_node
                WHERE warder_node.run = warder_intent.run
                    AND warder_node.seen_at > CURRENT_TIMESTAMP - INTERVAL '45' SECOND)
            ORDER BY try_id
            FETCH FIRST 200 ROWS ONLY
            """;

    private IntentTable() {}

    /** Whether the intent was there. */
    static boolean delete(Connection connection, UUID id) throws SQLException {
        try (var delete = Statements.limited(connection.prepareStatement(DELETE))) {
            delete.setString(1, id.toString());
            return delete.executeUpdate() > 0;
        }
    }

    /** Intents of runs that no longer live, at most 200. */
    static List<Intent> left(Connection connection) throws SQLException {
        var left = new ArrayList<Intent>();
        try (var select = Statements.limited(connection.prepareStatement(LEFT));
                var rows = select.executeQuery()) {
            while (rows.next()) {
                left.add(intent(rows));
            }
        }
        return left;
    }

    private static Intent intent(ResultSet rows) throws SQLException {
        return new Intent(
                UUID.fromString(rows.getString(1)),
                rows.getObject(3, OffsetDateTime.class).toInstant(),
                rows.getString(2),
                Optional.ofNullable(rows.getString(4)),
                Optional.ofNullable(rows.getString(5)),
                dialect(rows.getString(6)),
                Optional.ofNullable(rows.getString(7)),
                Optional.empty());
    }

    /** A newer version may have more. */
    private static Dialect dialect(String name) {
        for (var each : Dialect.values()) {
            if (each.name().equals(name)) {
                return each;
            }
        }
        return Dialect.ANTHROPIC;
    }
}
