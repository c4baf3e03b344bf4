package dev.warder.reconciliation.store;

import dev.warder.database.Statements;
import dev.warder.reconciliation.report.Counts;
import dev.warder.reconciliation.report.ModelName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Sums of the rows of {@code warder_ledger} by model and credential. The caller owns the transaction. */
final class LedgerSums {
    private static final int HOURS = 24;

    /**
     * A request counts for the day on which it ended: then the provider knows what it used. Rows that used nothing, such as most
     * refused requests, are left out.
     */
    private static final String SUMS =
            """
            SELECT credential, COALESCE(model_answered, model_sent, model_asked, ''), COUNT(*), SUM(cost_nanos),
                SUM(input_tokens), SUM(write_5m_tokens), SUM(write_1h_tokens), SUM(read_tokens), SUM(output_tokens),
                SUM(web_searches), COUNT(model_answered)
            FROM warder_ledger WHERE ended_at >= ? AND ended_at < ? AND billed = TRUE AND (cost_nanos <> 0
                OR input_tokens + write_5m_tokens + write_1h_tokens + read_tokens + output_tokens + web_searches > 0)
            GROUP BY credential, COALESCE(model_answered, model_sent, model_asked, '')
            ORDER BY credential, COALESCE(model_answered, model_sent, model_asked, '')
            """;

    private static final String FIRST = "SELECT MIN(ended_at) FROM warder_ledger";

    private LedgerSums() {}

    /** The day of the oldest row. */
    static Optional<LocalDate> first(Connection connection) throws SQLException {
        try (var select = Statements.limited(connection.prepareStatement(FIRST));
                var row = select.executeQuery()) {
            var time = row.next() ? row.getObject(1, OffsetDateTime.class) : null;
            return Optional.ofNullable(time)
                    .map(each -> each.toInstant().atOffset(ZoneOffset.UTC).toLocalDate());
        }
    }

    /** What these credentials used on a day. It is read hour by hour, so that no statement takes long. */
    static Map<LineId, Comparison> of(Connection connection, LocalDate day, Set<String> credentials)
            throws SQLException {
        var sums = new DaySums(day);
        try (var select = Statements.limited(connection.prepareStatement(SUMS))) {
            for (int hour = 0; hour < HOURS; hour++) {
                select.setObject(1, Times.start(day).plusHours(hour));
                select.setObject(2, Times.start(day).plusHours(hour + 1));
                try (var rows = select.executeQuery()) {
                    while (rows.next()) {
                        String credential = Objects.requireNonNullElse(rows.getString(1), "");
                        if (credentials.contains(credential)) {
                            sums.add(ModelName.of(rows.getString(2)), credential, rows.getLong(11) > 0, sum(rows));
                        }
                    }
                }
            }
        }
        return sums.lines();
    }

    private static Comparison sum(ResultSet rows) throws SQLException {
        var counts = new Counts(
                rows.getLong(5), rows.getLong(6), rows.getLong(7), rows.getLong(8), rows.getLong(9), rows.getLong(10));
        return new Comparison(rows.getLong(3), new Side(rows.getLong(4), counts), Side.NONE, 0);
    }
}
