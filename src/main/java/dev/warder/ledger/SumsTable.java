package dev.warder.ledger;

import dev.warder.database.Statements;
import dev.warder.ledger.DatabaseStore.Shared;
import dev.warder.ledger.store.LedgerPeriod;
import dev.warder.ledger.store.LedgerReport.Share;
import dev.warder.ledger.store.LedgerReport.Usage;
import dev.warder.ledger.store.LedgerReport.UsageSlot;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Sums of a period: those of slots, clients and models from {@code warder_usage}, and those of sessions from the rows of {@code
 * warder_ledger} by the index of their ends. Each statement returns few rows, and is cancelled by the limit of all statements.
 * The caller owns the transaction.
 *
 * <p>H2 keeps all groups in memory, and a lack of memory ends it. Clients choose the names of sessions: such names are only
 * grouped where they cost something, so that no client can send millions for nothing.
 *
 * @param node the name of this node
 */
public record SumsTable(String node) {
    private static final String USAGE =
            """
            SELECT SUM(row_count), SUM(input_tokens), SUM(write_5m_tokens), SUM(write_1h_tokens), SUM(read_tokens),
                SUM(output_tokens), SUM(billed_nanos), SUM(own_nanos), MAX(last_at)
            """;

    private static final String KEPT =
            """
            FROM warder_usage
            WHERE step = ? AND starts_at >= ? AND starts_at < ? AND (? = '' OR node = ?)
            """;

    /** Where a row was replaced and no other was added, sums of nothing are left. */
    private static final String NOT_EMPTY = " HAVING SUM(row_count) > 0 OR SUM(billed_nanos + own_nanos) > 0 ";

    /** First by the time, since there are few times: the slot of each row takes H2 eight times as long. */
    private static final String SLOTS = USAGE + ", slot FROM (SELECT "
            + """
            SUM(row_count) AS row_count, SUM(input_tokens) AS input_tokens, SUM(write_5m_tokens) AS write_5m_tokens,
                SUM(write_1h_tokens) AS write_1h_tokens, SUM(read_tokens) AS read_tokens,
                SUM(output_tokens) AS output_tokens, SUM(billed_nanos) AS billed_nanos, SUM(own_nanos) AS own_nanos,
                MAX(last_at) AS last_at, FLOOR(EXTRACT(EPOCH FROM starts_at) / CAST(? AS BIGINT)) AS slot
            """
            + KEPT + "GROUP BY starts_at) part GROUP BY slot" + NOT_EMPTY + "ORDER BY slot FETCH FIRST 201 ROWS ONLY";

    private static final String DEAREST =
            " ORDER BY SUM(billed_nanos + own_nanos) DESC, SUM(row_count) DESC, title FETCH FIRST 10 ROWS ONLY";

    private static final String CLIENTS = USAGE + ", client AS title, CAST(NULL AS VARCHAR(1)) AS caller " + KEPT
            + " GROUP BY client" + NOT_EMPTY + DEAREST;

    private static final String MODELS = USAGE + ", model AS title, CAST(NULL AS VARCHAR(1)) AS caller " + KEPT
            + " AND (model <> '' OR billed_nanos + own_nanos > 0) GROUP BY model" + NOT_EMPTY + DEAREST;

    private static final String SESSIONS =
            """
            SELECT COUNT(*), SUM(input_tokens), SUM(write_5m_tokens), SUM(write_1h_tokens), SUM(read_tokens),
                SUM(output_tokens), SUM(CASE WHEN billed THEN cost_nanos ELSE 0 END),
                SUM(CASE WHEN billed THEN 0 ELSE cost_nanos END), MAX(ended_at), session_id, client
            FROM warder_ledger
            WHERE ended_at >= ? AND ended_at < ? AND (? = '' OR node = ?)
                AND session_id IS NOT NULL AND cost_nanos > 0
            GROUP BY session_id, client
            ORDER BY SUM(cost_nanos) DESC, COUNT(*) DESC, session_id
            FETCH FIRST 10 ROWS ONLY
            """;

    List<UsageSlot> slots(Connection connection, LedgerPeriod period) throws SQLException {
        return Statements.list(
                connection,
                SLOTS,
                row -> new UsageSlot(period.starts(row.getLong(10)), usage(row)),
                period.slot().toSeconds(),
                period.step().word(),
                within(period));
    }

    List<Share> shares(Connection connection, LedgerPeriod period, Shared by) throws SQLException {
        return switch (by) {
            case CLIENT ->
                Statements.list(
                        connection, CLIENTS, SumsTable::share, period.step().word(), within(period));
            case MODEL ->
                Statements.list(
                        connection, MODELS, SumsTable::share, period.step().word(), within(period));
            // Reads the ledger itself: there may be as many sessions as rows.
            case SESSION -> Statements.list(connection, SESSIONS, SumsTable::share, within(period));
        };
    }

    private List<Object> within(LedgerPeriod period) {
        String only = period.allNodes() ? "" : node;
        return List.of(period.from(), period.to(), only, only);
    }

    private static Share share(ResultSet row) throws SQLException {
        var last = Objects.requireNonNullElse(Statements.timeOrNull(row, 9), Instant.EPOCH);
        return new Share(text(row, 10), text(row, 11), last, usage(row));
    }

    private static Optional<String> text(ResultSet row, int at) throws SQLException {
        return Optional.ofNullable(row.getString(at)).filter(text -> !text.isEmpty());
    }

    private static Usage usage(ResultSet row) throws SQLException {
        return new Usage(
                row.getLong(1),
                row.getLong(2),
                row.getLong(3),
                row.getLong(4),
                row.getLong(5),
                row.getLong(6),
                row.getLong(7),
                row.getLong(8));
    }
}
