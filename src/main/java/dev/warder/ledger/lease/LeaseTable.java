package dev.warder.ledger.lease;

import dev.warder.database.Statements;
import dev.warder.ledger.lease.LeaseRow.Wait;
import dev.warder.ledger.store.PeriodKey;
import java.sql.Connection;
import java.sql.JDBCType;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** The statements on {@code warder_lease}. The caller owns the transaction, and has locked the rows of the periods. */
final class LeaseTable {
    private static final String LIVE = "live";
    private static final String REAPED = "reaped";

    static final int MOST = 200;

    private static final int PLACES = 20;

    static final String BUDGETS = " budget IN (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    private static final String SELECT = "SELECT budget, starts_at, granted, drawn, held_unknown, state, wanted"
            + " FROM warder_lease WHERE run = ? AND" + BUDGETS;

    private static final String REAPED_OF_RUN =
            "SELECT budget FROM warder_lease WHERE run = ? AND state = 'reaped' FETCH FIRST 1 ROWS ONLY";

    /** Periods for which a run has a live lease, at most {@link #MOST}. */
    static final String LIVE_OF_RUN =
            """
            SELECT budget, starts_at FROM warder_lease WHERE run = ? AND state = 'live' ORDER BY budget, starts_at
            FETCH FIRST 200 ROWS ONLY
            """;

    /** Periods in which a run has reserved something, or waits for it, at most {@link #MOST}. */
    static final String USED_OF_RUN =
            """
            SELECT budget, starts_at FROM warder_lease
            WHERE run = ? AND state = 'live' AND (granted > drawn OR wanted > 0) ORDER BY budget, starts_at
            FETCH FIRST 200 ROWS ONLY
            """;

    /** All periods with something that a run has reserved. */
    static final String RESERVED_OF_RUN =
            """
            SELECT budget, starts_at FROM warder_lease
            WHERE run = ? AND (held_unknown > 0 OR state = 'live' AND granted > drawn) ORDER BY budget, starts_at
            """;

    private static final String INSERT =
            """
            INSERT INTO warder_lease (granted, drawn, held_unknown, state, wanted, wanted_since, run, budget, starts_at)
            VALUES (?, ?, ?, ?, ?,
                CASE WHEN ? = 0 THEN NULL ELSE CURRENT_TIMESTAMP - CAST(? AS INTEGER) * INTERVAL '0.001' SECOND END,
                ?, ?, ?)
            """;

    /** The time since which it waits stays the same where no other is given. */
    private static final String UPDATE =
            """
            UPDATE warder_lease SET granted = ?, drawn = ?, held_unknown = ?, state = ?, wanted = ?,
                wanted_since = CASE WHEN ? = 0 THEN NULL ELSE
                    COALESCE(CURRENT_TIMESTAMP - CAST(? AS INTEGER) * INTERVAL '0.001' SECOND, wanted_since) END
            WHERE run = ? AND budget = ? AND starts_at = ?
            """;

    private LeaseTable() {}

    static Map<PeriodKey, LeaseRow> of(Connection connection, UUID run, Collection<PeriodKey> keys)
            throws SQLException {
        var leases = new HashMap<PeriodKey, LeaseRow>();
        for (var names : budgets(keys)) {
            for (var lease : Statements.list(connection, SELECT, row -> lease(run, row), run, names)) {
                leases.put(lease.key(), lease);
            }
        }
        leases.keySet().retainAll(keys);
        return leases;
    }

    private static LeaseRow lease(UUID run, ResultSet row) throws SQLException {
        return new LeaseRow(
                run,
                PeriodTable.key(row, 1),
                row.getLong(3),
                row.getLong(4),
                row.getLong(5),
                LIVE.equals(row.getString(6)),
                new Wait(row.getLong(7), LeaseRow.AS_STORED));
    }

    /** The names of the budgets, each time as many as a statement has places for. */
    static List<List<String>> budgets(Collection<PeriodKey> keys) {
        var names = keys.stream().map(PeriodKey::budget).distinct().toList();
        return Statements.parts(names, PLACES).stream()
                .map(part -> Statements.filled(part, PLACES))
                .toList();
    }

    static boolean isFenced(Connection connection, UUID run) throws SQLException {
        return Statements.first(connection, REAPED_OF_RUN, row -> true, run).isPresent();
    }

    /** @param sql one of the statements for the periods of a run */
    static List<PeriodKey> keys(Connection connection, String sql, UUID run) throws SQLException {
        return Statements.list(connection, sql, row -> PeriodTable.key(row, 1), run);
    }

    /** Changes leases of a run with the sums of their periods, and returns how many were changed. */
    static int change(Connection connection, UUID run, List<PeriodKey> keys, UnaryOperator<LeaseRow> change)
            throws SQLException {
        var periods = PeriodTable.lock(connection, keys);
        var changed = new ArrayList<LeaseRow>();
        for (var lease : of(connection, run, keys).values()) {
            var after = change.apply(lease);
            periods.computeIfPresent(lease.key(), (key, period) -> period.replace(lease, after));
            if (!after.equals(lease)) {
                changed.add(after);
            }
        }
        PeriodTable.update(connection, periods.values());
        update(connection, changed);
        return changed.size();
    }

    static void insert(Connection connection, Collection<LeaseRow> rows) throws SQLException {
        Statements.batch(connection, INSERT, rows, LeaseTable::values);
    }

    static void update(Connection connection, Collection<LeaseRow> rows) throws SQLException {
        Statements.batch(connection, UPDATE, rows, LeaseTable::values);
    }

    private static Object[] values(LeaseRow row) {
        var waits = row.waits();
        return new Object[] {
            row.granted(),
            row.drawn(),
            row.unknown(),
            row.live() ? LIVE : REAPED,
            waits.nanos(),
            waits.nanos(),
            waits.millis() == LeaseRow.AS_STORED ? JDBCType.INTEGER : (Object) waits.millis(),
            row.run(),
            row.key().columns()
        };
    }
}
