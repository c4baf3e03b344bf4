package dev.warder.ledger;

import dev.warder.ledger.LedgerReport.Share;
import dev.warder.ledger.LedgerReport.Usage;
import dev.warder.ledger.LedgerReport.UsageSlot;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Sums of {@code warder_ledger}. Each statement reads the rows of a period by the index of their ends, returns few rows, and is
 * cancelled by the limit of all statements. The caller owns the transaction.
 *
 * <p>H2 keeps all groups in memory, and a lack of memory ends it. Clients choose the names of sessions and, in requests that are
 * refused, those of models: such names are only grouped where they cost something, so that no client can send millions for nothing.
 *
 * @param node the name of this node
 */
record SumsTable(String node) {
    private static final String SUMS =
            """
            COUNT(*), SUM(input_tokens), SUM(write_5m_tokens), SUM(write_1h_tokens), SUM(read_tokens),
            SUM(output_tokens), SUM(CASE WHEN billed THEN cost_nanos ELSE 0 END),
            SUM(CASE WHEN billed THEN 0 ELSE cost_nanos END)
            """;

    private static final String VALUES =
            """
            input_tokens, write_5m_tokens, write_1h_tokens, read_tokens, output_tokens, billed, cost_nanos, ended_at
            FROM warder_ledger
            WHERE ended_at >= ? AND ended_at < ? AND (? = '' OR node = ?)
            """;

    private static final String SLOTS = "SELECT " + SUMS
            + ", slot FROM (SELECT FLOOR(EXTRACT(EPOCH FROM ended_at) / ?) AS slot, " + VALUES
            + ") part GROUP BY slot ORDER BY slot FETCH FIRST 201 ROWS ONLY";

    private static final String TOP = ", MAX(ended_at), title, MAX(caller) FROM (SELECT ";
    private static final String END =
            " GROUP BY title, caller ORDER BY SUM(cost_nanos) DESC, COUNT(*) DESC, title FETCH FIRST 10 ROWS ONLY";

    private static final String CLIENTS =
            "SELECT " + SUMS + TOP + "client AS title, CAST(NULL AS VARCHAR(1)) AS caller, " + VALUES + ") part" + END;

    private static final String MODELS = "SELECT " + SUMS + TOP
            + "COALESCE(model_answered, model_sent, model_asked) AS title, CAST(NULL AS VARCHAR(1)) AS caller, "
            + VALUES + " AND (model_answered IS NOT NULL OR cost_nanos > 0)) part" + END;

    private static final String SESSIONS = "SELECT " + SUMS + TOP + "session_id AS title, client AS caller, " + VALUES
            + " AND session_id IS NOT NULL AND cost_nanos > 0) part" + END;

    /** The slots that have rows. */
    List<UsageSlot> slots(Connection connection, LedgerPeriod period) throws SQLException {
        try (var select = Statements.limited(connection.prepareStatement(SLOTS))) {
            select.setLong(1, period.slot().toSeconds());
            set(select, 2, period);
            try (var rows = select.executeQuery()) {
                var found = new ArrayList<UsageSlot>();
                while (rows.next()) {
                    found.add(new UsageSlot(period.starts(rows.getLong(9)), usage(rows)));
                }
                return found;
            }
        }
    }

    List<Share> clients(Connection connection, LedgerPeriod period) throws SQLException {
        return shares(connection, CLIENTS, period);
    }

    List<Share> models(Connection connection, LedgerPeriod period) throws SQLException {
        return shares(connection, MODELS, period);
    }

    List<Share> sessions(Connection connection, LedgerPeriod period) throws SQLException {
        return shares(connection, SESSIONS, period);
    }

    private List<Share> shares(Connection connection, String sql, LedgerPeriod period) throws SQLException {
        try (var select = Statements.limited(connection.prepareStatement(sql))) {
            set(select, 1, period);
            try (var rows = select.executeQuery()) {
                var found = new ArrayList<Share>();
                while (rows.next()) {
                    found.add(new Share(
                            Optional.ofNullable(rows.getString(10)),
                            Optional.ofNullable(rows.getString(11)),
                            last(rows),
                            usage(rows)));
                }
                return found;
            }
        }
    }

    private void set(PreparedStatement select, int at, LedgerPeriod period) throws SQLException {
        String only = period.allNodes() ? "" : node;
        select.setObject(at, LedgerTable.at(period.from()));
        select.setObject(at + 1, LedgerTable.at(period.to()));
        select.setString(at + 2, only);
        select.setString(at + 3, only);
    }

    private static Instant last(ResultSet rows) throws SQLException {
        var time = rows.getObject(9, OffsetDateTime.class);
        return time == null ? Instant.EPOCH : time.toInstant();
    }

    private static Usage usage(ResultSet rows) throws SQLException {
        return new Usage(
                rows.getLong(1),
                rows.getLong(2),
                rows.getLong(3),
                rows.getLong(4),
                rows.getLong(5),
                rows.getLong(6),
                rows.getLong(7),
                rows.getLong(8));
    }
}
