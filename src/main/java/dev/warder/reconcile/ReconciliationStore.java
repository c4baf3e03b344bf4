package dev.warder.reconcile;

import dev.warder.database.DatabaseSchema;
import dev.warder.database.RepeatableTransactions;
import dev.warder.database.Statements;
import dev.warder.reconcile.ReconciliationReport.LineId;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;

/** Reconciliation in the operator's database. Calls wait for it. Thread-safe. */
public final class ReconciliationStore {
    public static final int MOST = 20_000;

    /** Until then a node that has claimed a day may compare it; a claim that led to nothing is open to all nodes after that. */
    static final Duration CLAIM = Duration.ofHours(1);

    private static final String DAYS =
            """
            SELECT day_utc AS "day", settled, looked_at, other_nanos, other_tokens FROM warder_reconciliation_day
            WHERE day_utc >= ? AND day_utc <= ? ORDER BY day_utc
            """;

    /** As it is before the first comparison. */
    private static final String NEW_DAY =
            """
            INSERT INTO warder_reconciliation_day (day_utc, settled, looked_at, other_nanos, other_tokens)
            SELECT CAST(? AS DATE), FALSE, TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00+00', 0, -1
            WHERE NOT EXISTS (SELECT 1 FROM warder_reconciliation_day WHERE day_utc = ?)
            """;

    private static final String LOOK =
            "UPDATE warder_reconciliation_day SET looked_at = ? WHERE day_utc = ? AND looked_at = ? AND settled = FALSE";

    private static final String SAVE_DAY =
            """
            UPDATE warder_reconciliation_day
            SET settled = :settled, other_nanos = :otherNanos, other_tokens = :otherTokens
            WHERE day_utc = :day AND looked_at = :lookedAt
            """;

    private static final String LINES =
            """
            SELECT day_utc AS "day", model, credential, ledger_rows AS "rows", rounding_nanos,
                ledger_nanos, ledger_input, ledger_write_5m, ledger_write_1h, ledger_read, ledger_output, ledger_searches,
                report_nanos, report_input, report_write_5m, report_write_1h, report_read, report_output, report_searches,
                booked_nanos AS booked, bookings
            FROM warder_reconciliation_line WHERE day_utc >= ? AND day_utc <= ? ORDER BY day_utc DESC, model, credential
            FETCH FIRST ? ROWS ONLY
            """;

    private static final String DELETE_LINES = "DELETE FROM warder_reconciliation_line WHERE day_utc = ?";

    private static final String INSERT_LINE =
            """
            INSERT INTO warder_reconciliation_line (day_utc, model, credential, ledger_rows, rounding_nanos,
                ledger_nanos, ledger_input, ledger_write_5m, ledger_write_1h, ledger_read, ledger_output, ledger_searches,
                report_nanos, report_input, report_write_5m, report_write_1h, report_read, report_output, report_searches,
                booked_nanos, bookings)
            VALUES (:id.day, :id.model, :id.credential, :sides.rows, :sides.roundingNanos, :sides.ledger.nanos,
                :sides.ledger.input, :sides.ledger.write5m, :sides.ledger.write1h, :sides.ledger.read, :sides.ledger.output,
                :sides.ledger.searches, :sides.report.nanos, :sides.report.input, :sides.report.write5m,
                :sides.report.write1h, :sides.report.read, :sides.report.output, :sides.report.searches, :booked, :bookings)
            """;

    private static final int ALL = Integer.MAX_VALUE;

    private final RepeatableTransactions transactions;

    /**
     * The right of one node to compare a day, for {@link #CLAIM}.
     *
     * @param at when it began, by the database's clock, in whole milliseconds
     * @param before when the comparison before it began
     * @param settles whether the comparison is the last one of the day
     */
    record Claim(LocalDate day, Instant at, Instant before, boolean settles) {}

    public ReconciliationStore(DataSource source) {
        transactions = new RepeatableTransactions(source, DatabaseSchema.Tables.LEDGER);
    }

    /** By the database's clock. */
    Instant now() throws SQLException {
        return transactions.run(Statements::now);
    }

    Optional<LocalDate> firstOfLedger() throws SQLException {
        return transactions.run(handle -> handle.select("SELECT MIN(ended_at) FROM warder_ledger")
                .mapTo(Instant.class)
                .findOne()
                .map(time -> time.atOffset(ZoneOffset.UTC).toLocalDate()));
    }

    Map<LineId, Comparison> ledger(LocalDate day, Set<String> credentials) throws SQLException {
        return transactions.run(handle -> LedgerSums.of(handle, day, credentials));
    }

    /** The days between these, both inclusive, in their order, also those that are not yet compared. */
    List<ReconciliationReport.Day> days(LocalDate from, LocalDate to) throws SQLException {
        return transactions.run(handle -> days(handle, from, to));
    }

    private static List<ReconciliationReport.Day> days(Handle handle, LocalDate from, LocalDate to) {
        return handle.select(DAYS, from, to)
                .mapTo(ReconciliationReport.Day.class)
                .list();
    }

    /** The lines of the days between these, both inclusive, the last day first; at most {@link #MOST}. */
    List<ReconciliationReport.Line> lines(LocalDate from, LocalDate to) throws SQLException {
        return transactions.run(handle -> lines(handle, from, to, MOST));
    }

    private static List<ReconciliationReport.Line> lines(Handle handle, LocalDate from, LocalDate to, int most) {
        return handle.select(LINES, from, to, most)
                .mapTo(ReconciliationReport.Line.class)
                .list();
    }

    /** Decides which node compares a day: the one that gets a claim. Nobody does before the day is due by the database's clock. */
    Optional<Claim> claim(LocalDate day) throws SQLException {
        return transactions.run(handle -> {
            var now = Statements.now(handle).truncatedTo(ChronoUnit.MILLIS);
            var last = Reconciliation.last(now);
            if (day.isAfter(last)) {
                return Optional.empty();
            }
            handle.execute(NEW_DAY, day, day);
            var known = days(handle, day, day).get(0);
            var claim = new Claim(day, now, known.lookedAt(), !day.isAfter(last.minusDays(2)));
            boolean free = claim.before.isBefore(now.minus(CLAIM)) && (claim.settles || !known.isCompared());
            return free && handle.execute(LOOK, now, day, claim.before) > 0 ? Optional.of(claim) : Optional.empty();
        });
    }

    /** After a comparison that failed: any node may claim the day at once. */
    void giveBack(Claim claim) throws SQLException {
        transactions.run(handle -> handle.execute(LOOK, claim.before, claim.day, claim.at));
    }

    /**
     * Keeps a comparison, and what was booked of the day before.
     *
     * @param day with the time of the claim
     * @return the lines; empty if another node has claimed the day since then
     */
    public Optional<List<ReconciliationReport.Line>> save(ReconciliationReport.Day day, Map<LineId, Comparison> found)
            throws SQLException {
        return transactions.run(handle -> {
            if (handle.createUpdate(SAVE_DAY).bindMethods(day).execute() == 0) {
                return Optional.empty();
            }
            var lines = new HashMap<LineId, ReconciliationReport.Line>();
            found.forEach((line, sides) -> lines.put(line, new ReconciliationReport.Line(line, sides, 0, 0)));
            for (var line : lines(handle, day.day(), day.day(), ALL)) {
                if (line.bookings() > 0) {
                    var sides = found.getOrDefault(line.id(), Comparison.NONE);
                    lines.put(
                            line.id(), new ReconciliationReport.Line(line.id(), sides, line.booked(), line.bookings()));
                }
            }
            lines.values().removeIf(line -> line.sides().isEmpty() && line.bookings() == 0);
            handle.execute(DELETE_LINES, day.day());
            Statements.batch(handle, INSERT_LINE, lines.values());
            return Optional.of(List.copyOf(lines.values()));
        });
    }
}
