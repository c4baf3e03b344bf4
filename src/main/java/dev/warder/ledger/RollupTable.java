package dev.warder.ledger;

import dev.warder.database.Statements;
import dev.warder.ledger.store.LedgerPeriod;
import dev.warder.ledger.store.Rollup;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/**
 * The statements on {@code warder_rollup}. Each counter of a process has a row of its own, whose id is in the column
 * {@code run}, so that nodes never wait for each other and a write may be repeated. The caller owns the transaction.
 *
 * @param node the name of this node
 */
public record RollupTable(String node) {
    private static final String UPDATE =
            """
            UPDATE warder_rollup SET requests = ?, refusals = ?, failures = ?, first_byte = ?, added_latency = ?
            WHERE step = ? AND starts_at = ? AND run = ?
            """;

    private static final String INSERT =
            """
            INSERT INTO warder_rollup
                (requests, refusals, failures, first_byte, added_latency, step, starts_at, run, node)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """;

    private static final String DELETE = "DELETE FROM warder_rollup WHERE step = ? AND starts_at < ?";

    /** A day of 13 nodes by minute, which is more than a plot needs. */
    private static final String SELECT =
            """
            SELECT starts_at, run, requests, refusals, failures, first_byte, added_latency FROM warder_rollup
            WHERE step = ? AND starts_at >= ? AND starts_at < ? AND (? = '' OR node = ?)
            ORDER BY starts_at DESC
            FETCH FIRST 20000 ROWS ONLY
            """;

    List<DatabaseStore.WrittenCounts> read(Connection connection, LedgerPeriod period) throws SQLException {
        String only = period.allNodes() ? "" : node;
        try (var select = Statements.limited(connection.prepareStatement(SELECT))) {
            select.setString(1, period.step().word());
            select.setObject(2, LedgerTable.at(period.from()));
            select.setObject(3, LedgerTable.at(period.to()));
            select.setString(4, only);
            select.setString(5, only);
            try (var rows = select.executeQuery()) {
                var found = new ArrayList<DatabaseStore.WrittenCounts>();
                while (rows.next()) {
                    found.add(counts(rows));
                }
                return found;
            }
        }
    }

    private static DatabaseStore.WrittenCounts counts(ResultSet rows) throws SQLException {
        var starts = rows.getObject(1, OffsetDateTime.class).toInstant();
        var counts = new Rollup.Counts();
        counts.add(rows.getLong(3), rows.getLong(4), rows.getLong(5));
        counts.firstByte().add(rows.getString(6));
        counts.added().add(rows.getString(7));
        return new DatabaseStore.WrittenCounts(starts, rows.getString(2), counts);
    }

    void write(Connection connection, List<Rollup.Entry> entries) throws SQLException {
        for (var entry : entries) {
            if (write(connection, UPDATE, entry) == 0) {
                write(connection, INSERT, entry);
            }
        }
    }

    void delete(Connection connection, Instant minutes, Instant hours) throws SQLException {
        delete(connection, Rollup.Step.MINUTE, minutes);
        delete(connection, Rollup.Step.HOUR, hours);
    }

    private int write(Connection connection, String sql, Rollup.Entry entry) throws SQLException {
        var counts = entry.counts();
        try (var statement = Statements.limited(connection.prepareStatement(sql))) {
            statement.setLong(1, counts.requests());
            statement.setLong(2, counts.refusals());
            statement.setLong(3, counts.failures());
            statement.setString(4, counts.firstByte().text());
            statement.setString(5, counts.added().text());
            statement.setString(6, entry.slot().step().word());
            statement.setObject(7, LedgerTable.at(entry.slot().starts()));
            statement.setString(8, entry.id());
            if (sql.equals(INSERT)) {
                statement.setString(9, node);
            }
            return statement.executeUpdate();
        }
    }

    private static void delete(Connection connection, Rollup.Step step, Instant time) throws SQLException {
        try (var delete = Statements.limited(connection.prepareStatement(DELETE))) {
            delete.setString(1, step.word());
            delete.setObject(2, LedgerTable.at(time));
            delete.executeUpdate();
        }
    }
}
