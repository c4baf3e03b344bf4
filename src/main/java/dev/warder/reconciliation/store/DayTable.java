package dev.warder.reconciliation.store;

import dev.warder.database.Statements;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The statements on {@code warder_reconciliation_day}. The caller owns the transaction. */
final class DayTable {
    private static final String LOCK =
            """
            SELECT day_utc, settled, looked_at, other_nanos, other_tokens FROM warder_reconciliation_day
            WHERE day_utc = ? FOR UPDATE
            """;

    private static final String SELECT =
            """
            SELECT day_utc, settled, looked_at, other_nanos, other_tokens FROM warder_reconciliation_day
            WHERE day_utc >= ? AND day_utc <= ? ORDER BY day_utc
            """;

    private static final String UPDATE =
            """
            UPDATE warder_reconciliation_day
            SET settled = ?, looked_at = CURRENT_TIMESTAMP, other_nanos = ?, other_tokens = ?
            WHERE day_utc = ?
            """;

    private static final String INSERT =
            """
            INSERT INTO warder_reconciliation_day (settled, looked_at, other_nanos, other_tokens, day_utc)
            VALUES (?, CURRENT_TIMESTAMP, ?, ?, ?)
            """;

    private DayTable() {}

    /** The row, locked until the end of the transaction. */
    static Optional<ReconciliationDay> lock(Connection connection, LocalDate day) throws SQLException {
        try (var select = Statements.limited(connection.prepareStatement(LOCK))) {
            select.setObject(1, day);
            try (var rows = select.executeQuery()) {
                return rows.next() ? Optional.of(row(rows)) : Optional.empty();
            }
        }
    }

    /** The days between these, both inclusive, in their order. */
    static List<ReconciliationDay> read(Connection connection, LocalDate from, LocalDate to) throws SQLException {
        var days = new ArrayList<ReconciliationDay>();
        try (var select = Statements.limited(connection.prepareStatement(SELECT))) {
            select.setObject(1, from);
            select.setObject(2, to);
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    days.add(row(rows));
                }
            }
        }
        return days;
    }

    static void write(Connection connection, DayLook look, boolean settled, boolean isNew) throws SQLException {
        try (var write = Statements.limited(connection.prepareStatement(isNew ? INSERT : UPDATE))) {
            write.setBoolean(1, settled);
            write.setLong(2, look.otherNanos());
            write.setLong(3, look.otherTokens());
            write.setObject(4, look.day());
            write.executeUpdate();
        }
    }

    private static ReconciliationDay row(ResultSet rows) throws SQLException {
        return new ReconciliationDay(
                Times.day(rows, 1), rows.getBoolean(2), Times.instant(rows, 3), rows.getLong(4), rows.getLong(5));
    }
}
