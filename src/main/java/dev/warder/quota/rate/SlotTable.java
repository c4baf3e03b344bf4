package dev.warder.quota.rate;

import dev.warder.database.Statements;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The statements on {@code warder_limit_slot} and {@code warder_limit_node}. The caller owns the transaction. */
final class SlotTable {
    private static final String NINE = ", ?, ?, ?, ?, ?, ?, ?, ?, ?";
    private static final String TEN = NINE + ", ?";

    private static final String SELECT =
            "SELECT limit_key, run, slots FROM warder_limit_slot slot WHERE limit_key IN (?"
                    + NINE + TEN + TEN + TEN + TEN + ")"
                    + " AND EXISTS (SELECT 1 FROM warder_limit_node node WHERE node.run = slot.run)";

    private static final String DELETE = "DELETE FROM warder_limit_slot WHERE limit_key = ? AND run = ?";
    private static final String INSERT = "INSERT INTO warder_limit_slot (limit_key, run, slots) VALUES (?, ?, ?)";

    private static final String BEAT = "UPDATE warder_limit_node SET seen_at = CURRENT_TIMESTAMP"
            + " WHERE run = ? AND seen_at > CURRENT_TIMESTAMP - INTERVAL '15' SECOND";
    private static final String RETURN = "UPDATE warder_limit_node SET seen_at = CURRENT_TIMESTAMP,"
            + " seen_since = CURRENT_TIMESTAMP WHERE run = ?";
    private static final String FIRST = "INSERT INTO warder_limit_node (run, seen_at, seen_since)"
            + " VALUES (?, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)";
    private static final String END = "DELETE FROM warder_limit_node WHERE run = ?";
    private static final String SEES =
            "SELECT run FROM warder_limit_node WHERE run = ? AND seen_since < CURRENT_TIMESTAMP - INTERVAL '30' SECOND";
    private static final String END_DEAD =
            "DELETE FROM warder_limit_node WHERE seen_at < CURRENT_TIMESTAMP - INTERVAL '30' SECOND";
    private static final String END_SLOTS = "DELETE FROM warder_limit_slot"
            + " WHERE NOT EXISTS (SELECT 1 FROM warder_limit_node node WHERE node.run = warder_limit_slot.run)";
    private static final String LIVE = "SELECT COUNT(*) FROM warder_limit_node";

    private SlotTable() {}

    /**
     * The slots of all other nodes that live.
     *
     * @param keys at most {@link BucketTable#MOST}, not empty
     * @return without the keys that no other node has slots of
     */
    static Map<String, Long> elsewhere(Connection connection, List<String> keys, UUID run) throws SQLException {
        var sums = new HashMap<String, Long>();
        try (var select = Statements.limited(connection.prepareStatement(SELECT))) {
            BucketTable.setKeys(select, keys);
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    if (!rows.getString(2).equals(run.toString())) {
                        sums.merge(rows.getString(1), rows.getLong(3), Math::addExact);
                    }
                }
            }
        }
        return sums;
    }

    static void set(Connection connection, UUID run, List<SlotState> states) throws SQLException {
        try (var delete = Statements.limited(connection.prepareStatement(DELETE));
                var insert = Statements.limited(connection.prepareStatement(INSERT))) {
            for (var state : states) {
                add(delete, state.limit(), run);
                if (state.granted() > 0) {
                    insert.setLong(3, state.granted());
                    add(insert, state.limit(), run);
                }
            }
            delete.executeBatch();
            insert.executeBatch();
        }
    }

    private static void add(PreparedStatement batch, String key, UUID run) throws SQLException {
        batch.setString(1, key);
        batch.setString(2, run.toString());
        batch.addBatch();
    }

    static void beat(Connection connection, UUID run) throws SQLException {
        if (execute(connection, BEAT, run.toString()) == 0 && execute(connection, RETURN, run.toString()) == 0) {
            execute(connection, FIRST, run.toString());
        }
    }

    /** Whether a node has lived for 30 s without a gap: before, it does not know whether the database was away for all. */
    static boolean sees(Connection connection, UUID run) throws SQLException {
        try (var select = Statements.limited(connection.prepareStatement(SEES))) {
            select.setString(1, run.toString());
            try (var rows = select.executeQuery()) {
                return rows.next();
            }
        }
    }

    static void end(Connection connection, UUID run) throws SQLException {
        execute(connection, END, run.toString());
        execute(connection, END_SLOTS);
    }

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
