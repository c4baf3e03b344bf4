package dev.warder.reconciliation.store;

import dev.warder.database.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The statements on {@code warder_adjustment}, whose rows never change. The caller owns the transaction. */
final class AdjustmentTable {
    private static final String SELECT =
            """
            SELECT day_utc, model, credential, booking, nanos, reason, made_by, made_at FROM warder_adjustment
            WHERE day_utc >= ? AND day_utc <= ? ORDER BY day_utc DESC, model, credential, booking
            """;

    private static final String INSERT =
            """
            INSERT INTO warder_adjustment (day_utc, model, credential, booking, nanos, reason, made_by, made_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, CURRENT_TIMESTAMP)
            """;

    private AdjustmentTable() {}

    static List<Adjustment> read(Connection connection, LocalDate from, LocalDate to, int most) throws SQLException {
        var adjustments = new ArrayList<Adjustment>();
        try (var select = Statements.limited(connection.prepareStatement(SELECT))) {
            select.setMaxRows(most);
            select.setObject(1, from);
            select.setObject(2, to);
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    adjustments.add(new Adjustment(
                            LineTable.id(rows),
                            rows.getInt(4),
                            rows.getLong(5),
                            rows.getString(6),
                            rows.getString(7),
                            Times.instant(rows, 8)));
                }
            }
        }
        return adjustments;
    }

    /** Adds what is open of each line as its next booking. */
    static void insert(Connection connection, Collection<ReconciliationLine> lines, String reason, String by)
            throws SQLException {
        if (lines.isEmpty()) {
            return;
        }
        try (var insert = Statements.limited(connection.prepareStatement(INSERT))) {
            for (var line : lines) {
                LineTable.set(insert, 1, line.id());
                insert.setInt(4, line.bookings() + 1);
                insert.setLong(5, line.open());
                insert.setString(6, reason);
                insert.setString(7, by);
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }
}
