package dev.warder.ratelimit.store;

import dev.warder.database.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;

/** The statements on {@code warder_limit_slot} and {@code warder_limit_node}. The caller owns the transaction. */
final class SlotTable {
    private static final String ELSEWHERE = "SELECT COALESCE(SUM(slots), 0) FROM warder_limit_slot slot"
            + " WHERE limit_key = ? AND run <> ?"
            + " AND EXISTS (SELECT 1 FROM warder_limit_node node WHERE node.run = slot.run)";

    private static final String UPDATE = "UPDATE warder_limit_slot SET slots = ? WHERE limit_key = ? AND run = ?";
    private static final String INSERT = "INSERT INTO warder_limit_slot (slots, limit_key, run) VALUES (?, ?, ?)";
    private static final String DELETE = "DELETE FROM warder_limit_slot WHERE limit_key = ? AND run = ?";

    private static final String BEAT = "UPDATE warder_limit_node SET seen_at = CURRENT_TIMESTAMP WHERE run = ?";
    private static final String FIRST = "INSERT INTO warder_limit_node (run, seen_at) VALUES (?, CURRENT_TIMESTAMP)";
    private static final String END = "DELETE FROM warder_limit_node WHERE run = ?";
    private static final String END_DEAD =
            "DELETE FROM warder_limit_node WHERE seen_at < CURRENT_TIMESTAMP - INTERVAL '30' SECOND";
    private static final String END_SLOTS = "DELETE FROM warder_limit_slot"
            + " WHERE NOT EXISTS (SELECT 1 FROM warder_limit_node node WHERE node.run = warder_limit_slot.run)";
    private static final String LIVE = "SELECT COUNT(*) FROM warder_limit_node";

    private SlotTable() {}

    /** The slots of all other nodes that live. */
    static long elsewhere(Connection connection, String key, UUID run) throws SQLException {
        try (var select = Statements.limited(connection.prepareStatement(ELSEWHERE))) {
            select.setString(1, key);
            select.setString(2, run.toString());
            try (var rows = select.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }

    /** Notes the slots of a node; the row of the key in {@code warder_limit} is locked. */
    static void set(Connection connection, String key, UUID run, long slots) throws SQLException {
        if (slots == 0) {
            execute(connection, DELETE, key, run.toString());
        } else if (write(connection, UPDATE, key, run, slots) == 0) {
            write(connection, INSERT, key, run, slots);
        }
    }

    private static int write(Connection connection, String sql, String key, UUID run, long slots) throws SQLException {
        try (var write = Statements.limited(connection.prepareStatement(sql))) {
            write.setLong(1, slots);
            write.setString(2, key);
            write.setString(3, run.toString());
            return write.executeUpdate();
        }
    }

    static void beat(Connection connection, UUID run) throws SQLException {
        if (execute(connection, BEAT, run.toString()) == 0) {
            execute(connection, FIRST, run.toString());
        }
    }

    static void end(Connection connection, UUID run) throws SQLException {
        execute(connection, END, run.toString());
        execute(connection, END_SLOTS);
    }

    /** Forgets the nodes that were not seen lately, and the slots of all that are not there. */
    static void endDead(Connection connection) throws SQLException {
        execute(connection, END_DEAD);
        execute(connection, END_SLOTS);
    }

    static int live(Connection connection) throws SQLException {
        try (var select = Statements.limited(connection.prepareStatement(LIVE));
                var rows = select.executeQuery()) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private static int execute(Connection connection, String sql, String... values) throws SQLException {
        try (var statement = Statements.limited(connection.prepareStatement(sql))) {
            for (int i = 0; i < values.length; i++) {
                statement.setString(i + 1, values[i]);
            }
            return statement.executeUpdate();
        }
    }
}
