package dev.warder.reconciliation.store;

import dev.warder.database.Statements;
import dev.warder.reconciliation.report.Counts;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The statements on {@code warder_reconciliation_line}. The caller owns the transaction, and locks the day to write. */
final class LineTable {
    private static final String SELECT =
            """
            SELECT day_utc, model, credential, ledger_rows, rounding_nanos,
                ledger_nanos, ledger_input, ledger_write_5m, ledger_write_1h, ledger_read, ledger_output, ledger_searches,
                report_nanos, report_input, report_write_5m, report_write_1h, report_read, report_output, report_searches,
                booked_nanos, bookings
            FROM warder_reconciliation_line WHERE day_utc >= ? AND day_utc <= ?
            ORDER BY day_utc DESC, model, credential
            """;

    private static final String UPDATE =
            """
            UPDATE warder_reconciliation_line SET ledger_rows = ?, rounding_nanos = ?,
                ledger_nanos = ?, ledger_input = ?, ledger_write_5m = ?, ledger_write_1h = ?, ledger_read = ?,
                ledger_output = ?, ledger_searches = ?,
                report_nanos = ?, report_input = ?, report_write_5m = ?, report_write_1h = ?, report_read = ?,
                report_output = ?, report_searches = ?, booked_nanos = ?, bookings = ?
            WHERE day_utc = ? AND model = ? AND credential = ?
            """;

    private static final String INSERT =
            """
            INSERT INTO warder_reconciliation_line (ledger_rows, rounding_nanos,
                ledger_nanos, ledger_input, ledger_write_5m, ledger_write_1h, ledger_read, ledger_output, ledger_searches,
                report_nanos, report_input, report_write_5m, report_write_1h, report_read, report_output, report_searches,
                booked_nanos, bookings, day_utc, model, credential)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """;

    private static final String DELETE =
            "DELETE FROM warder_reconciliation_line WHERE day_utc = ? AND model = ? AND credential = ?";

    /** For {@link PreparedStatement#setMaxRows}. */
    private static final int ALL = 0;

    private LineTable() {}

    /** The lines of the days between these, both inclusive, the last day first; at most {@code most}. */
    static List<ReconciliationLine> read(Connection connection, LocalDate from, LocalDate to, int most)
            throws SQLException {
        var lines = new ArrayList<ReconciliationLine>();
        try (var select = Statements.limited(connection.prepareStatement(SELECT))) {
            select.setMaxRows(most);
            select.setObject(1, from);
            select.setObject(2, to);
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    lines.add(line(rows));
                }
            }
        }
        return lines;
    }

    /** All lines of a day. */
    static List<ReconciliationLine> read(Connection connection, LocalDate day) throws SQLException {
        return read(connection, day, day, ALL);
    }

    static void insert(Connection connection, Collection<ReconciliationLine> lines) throws SQLException {
        write(connection, INSERT, lines);
    }

    static void update(Connection connection, Collection<ReconciliationLine> lines) throws SQLException {
        write(connection, UPDATE, lines);
    }

    static void delete(Connection connection, Collection<LineId> ids) throws SQLException {
        if (ids.isEmpty()) {
            return;
        }
        try (var delete = Statements.limited(connection.prepareStatement(DELETE))) {
            for (var id : ids) {
                set(delete, 1, id);
                delete.addBatch();
            }
            delete.executeBatch();
        }
    }

    private static void write(Connection connection, String sql, Collection<ReconciliationLine> lines)
            throws SQLException {
        if (lines.isEmpty()) {
            return;
        }
        try (var write = Statements.limited(connection.prepareStatement(sql))) {
            for (var line : lines) {
                write.setLong(1, line.sides().rows());
                write.setLong(2, line.sides().roundingNanos());
                set(write, 3, line.sides().ledger());
                set(write, 10, line.sides().report());
                write.setLong(17, line.booked());
                write.setInt(18, line.bookings());
                set(write, 19, line.id());
                write.addBatch();
            }
            write.executeBatch();
        }
    }

    private static void set(PreparedStatement statement, int at, Side side) throws SQLException {
        var counts = side.counts();
        long[] values = {
            side.nanos(),
            counts.input(),
            counts.write5m(),
            counts.write1h(),
            counts.read(),
            counts.output(),
            counts.searches()
        };
        for (int i = 0; i < values.length; i++) {
            statement.setLong(at + i, values[i]);
        }
    }

    static void set(PreparedStatement statement, int at, LineId id) throws SQLException {
        statement.setObject(at, id.day());
        statement.setString(at + 1, id.model());
        statement.setString(at + 2, id.credential());
    }

    static LineId id(ResultSet rows) throws SQLException {
        return new LineId(Times.day(rows, 1), rows.getString(2), rows.getString(3));
    }

    private static ReconciliationLine line(ResultSet rows) throws SQLException {
        var sides = new Comparison(rows.getLong(4), side(rows, 6), side(rows, 13), rows.getLong(5));
        return new ReconciliationLine(id(rows), sides, rows.getLong(20), rows.getInt(21));
    }

    private static Side side(ResultSet rows, int at) throws SQLException {
        var counts = new Counts(
                rows.getLong(at + 1),
                rows.getLong(at + 2),
                rows.getLong(at + 3),
                rows.getLong(at + 4),
                rows.getLong(at + 5),
                rows.getLong(at + 6));
        return new Side(rows.getLong(at), counts);
    }
}
