package dev.warder.reconcile;

import dev.warder.testkit.Sql;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/** Rows of a ledger on past days, and short forms of what tests ask of a database. */
public record LedgerSample(DataSource source) {
    private static final String INSERT =
            """
            INSERT INTO warder_ledger (try_id, part, request_id, admitted_at, ended_at, model_asked, model_answered,
                credential, ended_as, input_tokens, write_5m_tokens, write_1h_tokens, read_tokens, output_tokens,
                thinking_tokens, web_searches, web_fetches, price_assumed, billed, basis, cost_usd, cost_nanos, duration_ms)
            VALUES (?, 0, 'request', ?, ?, 'asked', ?, ?, 'complete', ?, 0, 0, 0, ?, 0, 0, 0, FALSE, ?, 'usage', 0, ?, 1)
            """;

    /** Adds a row that was billed and ended at this hour of the day. */
    public void add(LocalDate day, int hour, String credential, String model, long input, long output, long nanos)
            throws SQLException {
        add(day.atTime(hour, 59, 59).atOffset(ZoneOffset.UTC), credential, model, input, output, true, nanos);
    }

    /** Adds a row that was not billed. */
    public void addUnbilled(LocalDate day, String credential, String model, long nanos) throws SQLException {
        add(day.atTime(12, 0).atOffset(ZoneOffset.UTC), credential, model, 1000, 1000, false, nanos);
    }

    /** Adds rows that were billed, each of a model that only its client has named: there was no response. */
    public void addAsked(LocalDate day, String credential, List<String> models, long input, long nanos)
            throws SQLException {
        String asked = INSERT.replace("model_asked, model_answered", "model_answered, model_asked")
                .replace("'asked'", "NULL");
        try (var connection = source.getConnection();
                var insert = connection.prepareStatement(asked)) {
            connection.setAutoCommit(false);
            for (var model : models) {
                set(insert, day.atTime(13, 0).atOffset(ZoneOffset.UTC), credential, model, input, 0, true, nanos);
                insert.addBatch();
            }
            insert.executeBatch();
            connection.commit();
        }
    }

    private void add(
            OffsetDateTime ended, String credential, String model, long input, long output, boolean billed, long nanos)
            throws SQLException {
        try (var connection = source.getConnection();
                var insert = connection.prepareStatement(INSERT)) {
            set(insert, ended, credential, model, input, output, billed, nanos);
            insert.executeUpdate();
        }
    }

    private static void set(
            PreparedStatement insert,
            OffsetDateTime ended,
            String credential,
            String model,
            long input,
            long output,
            boolean billed,
            long nanos)
            throws SQLException {
        insert.setString(1, UUID.randomUUID().toString());
        insert.setObject(2, ended);
        insert.setObject(3, ended);
        insert.setString(4, model);
        insert.setString(5, credential);
        insert.setLong(6, input);
        insert.setLong(7, output);
        insert.setBoolean(8, billed);
        insert.setLong(9, nanos);
    }

    /** The first column of the only row. */
    public long number(String query) throws SQLException {
        return Sql.number(source, query);
    }

    public void execute(String sql) throws SQLException {
        Sql.execute(source, sql);
    }

    /** The last day that is compared, by the clock of this machine, which is that of the database. */
    public static LocalDate lastDay() {
        return lastDay(InstantSource.system().instant());
    }

    /** The last day that is compared by a clock that stands at this time. */
    public static LocalDate lastDay(Instant now) {
        return Reconciliation.last(now);
    }
}
