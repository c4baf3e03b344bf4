package dev.warder.ledger;

import dev.warder.database.Statements;
import dev.warder.ledger.store.LedgerPeriod;
import dev.warder.ledger.store.Rollup;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
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
        return Statements.list(
                connection, SELECT, RollupTable::counts, period.step().word(), period.from(), period.to(), only, only);
    }

    private static DatabaseStore.WrittenCounts counts(ResultSet rows) throws SQLException {
        var starts = Statements.time(rows, 1);
        var counts = new Rollup.Counts();
        counts.add(rows.getLong(3), rows.getLong(4), rows.getLong(5));
        counts.firstByte().add(rows.getString(6));
        counts.added().add(rows.getString(7));
        return new DatabaseStore.WrittenCounts(starts, rows.getString(2), counts);
    }

    void write(Connection connection, List<Rollup.Entry> entries) throws SQLException {
        for (var entry : entries) {
            var values = values(entry);
            if (Statements.update(connection, UPDATE, values) == 0) {
                Statements.update(connection, INSERT, values, node);
            }
        }
    }

    private static List<Object> values(Rollup.Entry entry) {
        var counts = entry.counts();
        return List.of(
                counts.requests(),
                counts.refusals(),
                counts.failures(),
                counts.firstByte().text(),
                counts.added().text(),
                entry.slot().step().word(),
                entry.slot().starts(),
                entry.id());
    }
}
