package dev.warder.ledger.jdbc;

import dev.warder.database.Statements;
import dev.warder.http.Dialect;
import dev.warder.ledger.store.Intent;
import dev.warder.ledger.store.StoredText;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The statements on {@code warder_intent} and {@code warder_node}. The caller owns the transaction.
 *
 * @param node the name of this node
 * @param run the id of this run of it
 */
public record IntentTable(String node, String run) {
    private static final String INSERT =
            """
            INSERT INTO warder_intent (try_id, request_id, admitted_at, client, session_id, dialect, model_asked, node, run)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """;

    private static final String DELETE = "DELETE FROM warder_intent WHERE try_id = ?";

    private static final String SEEN = "UPDATE warder_node SET seen_at = CURRENT_TIMESTAMP WHERE run = ?";

    private static final String FIRST = "INSERT INTO warder_node (run, node, seen_at) VALUES (?, ?, CURRENT_TIMESTAMP)";

    /** Those of nodes that have not been seen lately, by the database's clock; others look every 10 s, so within a minute. */
    private static final String LEFT =
            """
            SELECT try_id, request_id, admitted_at, client, session_id, dialect, model_asked FROM warder_intent
            WHERE run <> ? AND NOT EXISTS (
                SELECT 1 FROM warder_node
                WHERE warder_node.run = warder_intent.run
                    AND warder_node.seen_at > CURRENT_TIMESTAMP - INTERVAL '45' SECOND)
            ORDER BY try_id
            FETCH FIRST 200 ROWS ONLY
            """;

    private static final String FORGET =
            """
            DELETE FROM warder_node WHERE seen_at < CURRENT_TIMESTAMP - INTERVAL '1' DAY
            """;

    void insert(Connection connection, List<Intent> intents) throws SQLException {
        try (var insert = Statements.limited(connection.prepareStatement(INSERT))) {
            for (var intent : intents) {
                insert.setString(1, intent.id().toString());
                insert.setString(2, StoredText.of(intent.requestId(), 64));
                insert.setObject(3, LedgerTable.at(intent.admitted()));
                insert.setString(4, text(intent.client()));
                insert.setString(5, text(intent.session()));
                insert.setString(6, intent.dialect().name());
                insert.setString(7, text(intent.model()));
                insert.setString(8, node);
                insert.setString(9, run);
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /** Whether the intent was there. */
    boolean delete(Connection connection, UUID id) throws SQLException {
        try (var delete = Statements.limited(connection.prepareStatement(DELETE))) {
            delete.setString(1, id.toString());
            return delete.executeUpdate() > 0;
        }
    }

    /** Deletes intents, and returns those that were not there, as far as the driver reports it. */
    List<UUID> delete(Connection connection, List<UUID> ids) throws SQLException {
        var gone = new ArrayList<UUID>();
        try (var delete = Statements.limited(connection.prepareStatement(DELETE))) {
            for (var id : ids) {
                delete.setString(1, id.toString());
                delete.addBatch();
            }
            int[] counts = delete.executeBatch();
            for (int i = 0; i < counts.length; i++) {
                if (counts[i] <= 0) {
                    gone.add(ids.get(i));
                }
            }
        }
        return gone;
    }

    /** Notes that this run lives, and forgets those that have not been seen for a day. */
    void seen(Connection connection) throws SQLException {
        try (var update = Statements.limited(connection.prepareStatement(SEEN))) {
            update.setString(1, run);
            if (update.executeUpdate() == 0) {
                try (var insert = Statements.limited(connection.prepareStatement(FIRST))) {
                    insert.setString(1, run);
                    insert.setString(2, node);
                    insert.executeUpdate();
                }
            }
        }
        try (var delete = Statements.limited(connection.prepareStatement(FORGET))) {
            delete.executeUpdate();
        }
    }

    /** Intents of runs that no longer live, at most 200. */
    List<Intent> left(Connection connection) throws SQLException {
        var left = new ArrayList<Intent>();
        try (var select = Statements.limited(connection.prepareStatement(LEFT))) {
            select.setString(1, run);
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    left.add(intent(rows));
                }
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

    private static @Nullable String text(Optional<String> value) {
        return value.map(each -> StoredText.of(each, 256)).orElse(null);
    }
}
