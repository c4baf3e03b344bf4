package dev.warder.ledger.lease;

import dev.warder.database.Statements;
import dev.warder.ledger.store.PeriodKey;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;

/** The statements on {@code warder_lease}. The caller owns the transaction, and has locked the rows of the periods. */
final class LeaseTable {
    static final int MOST = 200;

    /** Budgets of one statement, which counts the nodes that wait for each within the limit of its time. */
    private static final int BUDGETS = 20;

    private static final String SELECT =
            """
            SELECT run, budget, starts_at AS start, granted, drawn, held_unknown AS "unknown", state = 'live' AS live,
                wanted AS nanos, -1 AS millis
            FROM warder_lease WHERE run = :run AND budget IN (<budgets>)
            """;

    private static final String REAPED_OF_RUN =
            "SELECT budget FROM warder_lease WHERE run = ? AND state = 'reaped' FETCH FIRST 1 ROWS ONLY";

    /** Periods for which a run has a live lease, at most {@link #MOST}. */
    static final String LIVE_OF_RUN =
            """
            SELECT budget, starts_at AS start FROM warder_lease WHERE run = ? AND state = 'live' ORDER BY budget, starts_at
            FETCH FIRST 200 ROWS ONLY
            """;

    /** Periods in which a run has reserved something, or waits for it, at most {@link #MOST}. */
    static final String USED_OF_RUN =
            """
            SELECT budget, starts_at AS start FROM warder_lease
            WHERE run = ? AND state = 'live' AND (granted > drawn OR wanted > 0) ORDER BY budget, starts_at
            FETCH FIRST 200 ROWS ONLY
            """;

    /** All periods with something that a run has reserved. */
    static final String RESERVED_OF_RUN =
            """
            SELECT budget, starts_at AS start FROM warder_lease
            WHERE run = ? AND (held_unknown > 0 OR state = 'live' AND granted > drawn) ORDER BY budget, starts_at
            """;

    private static final String INSERT =
            """
            INSERT INTO warder_lease (granted, drawn, held_unknown, state, wanted, wanted_since, run, budget, starts_at)
            VALUES (:granted, :drawn, :unknown, CASE WHEN :live THEN 'live' ELSE 'reaped' END, :waits.nanos,
                CASE WHEN :waits.nanos = 0 THEN NULL
                    ELSE CURRENT_TIMESTAMP - NULLIF(CAST(:waits.millis AS INTEGER), -1) * INTERVAL '0.001' SECOND END,
                :run, :key.budget, :key.start)
            """;

    /** The time since which it waits stays the same where no other is given. */
    private static final String UPDATE =
            """
            UPDATE warder_lease SET granted = :granted, drawn = :drawn, held_unknown = :unknown,
                state = CASE WHEN :live THEN 'live' ELSE 'reaped' END, wanted = :waits.nanos,
                wanted_since = CASE WHEN :waits.nanos = 0 THEN NULL
                    ELSE COALESCE(
                        CURRENT_TIMESTAMP - NULLIF(CAST(:waits.millis AS INTEGER), -1) * INTERVAL '0.001' SECOND,
                        wanted_since) END
            WHERE run = :run AND budget = :key.budget AND starts_at = :key.start
            """;

    private LeaseTable() {}

    static Map<PeriodKey, LeaseRow> of(Handle handle, UUID run, Collection<PeriodKey> keys) {
        var leases = new HashMap<PeriodKey, LeaseRow>();
        for (var budgets : budgets(keys)) {
            handle.createQuery(SELECT)
                    .bind("run", run)
                    .bindList("budgets", Statements.filled(budgets))
                    .mapTo(LeaseRow.class)
                    .forEach(lease -> leases.put(lease.key(), lease));
        }
        leases.keySet().retainAll(keys);
        return leases;
    }

    /** The names of the budgets, in lists for one statement each. */
    static List<List<String>> budgets(Collection<PeriodKey> keys) {
        return Statements.parts(keys.stream().map(PeriodKey::budget).distinct().toList(), BUDGETS);
    }

    static boolean isFenced(Handle handle, UUID run) {
        return handle.select(REAPED_OF_RUN, run).mapTo(String.class).findOne().isPresent();
    }

    /** @param sql one of the statements for the periods of a run */
    static List<PeriodKey> keys(Handle handle, String sql, UUID run) {
        return handle.select(sql, run).mapTo(PeriodKey.class).list();
    }

    /** Changes leases of a run with the sums of their periods, and returns how many were changed. */
    static int change(Handle handle, UUID run, List<PeriodKey> keys, UnaryOperator<LeaseRow> change)
            throws SQLException {
        var periods = PeriodTable.lock(handle, keys);
        var changed = new ArrayList<LeaseRow>();
        for (var lease : of(handle, run, keys).values()) {
            var after = change.apply(lease);
            periods.computeIfPresent(lease.key(), (key, period) -> period.replace(lease, after));
            if (!after.equals(lease)) {
                changed.add(after);
            }
        }
        PeriodTable.update(handle, periods.values());
        update(handle, changed);
        return changed.size();
    }

    static void insert(Handle handle, Collection<LeaseRow> rows) {
        Statements.batch(handle, INSERT, rows);
    }

    static void update(Handle handle, Collection<LeaseRow> rows) {
        Statements.batch(handle, UPDATE, rows);
    }
}
