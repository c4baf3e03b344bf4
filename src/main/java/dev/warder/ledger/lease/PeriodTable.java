package dev.warder.ledger.lease;

import dev.warder.database.Statements;
import dev.warder.ledger.store.PeriodKey;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;

/**
 * The statements on {@code warder_budget_period}, and on {@code warder_charge} and {@code warder_budget_adjustment}, before which
 * the rows of the periods must be locked. The caller owns the transaction.
 */
final class PeriodTable {
    private static final String LOCK =
            """
            SELECT budget, starts_at AS start, ends_at AS "end", cap_target AS cap, enforced, policy_version AS version, opened,
                spent, overage, held_unknown AS "unknown", leased
            FROM warder_budget_period WHERE budget = :budget AND starts_at = :start FOR UPDATE
            """;

    private static final String INSERT =
            """
            INSERT INTO warder_budget_period (budget, starts_at, cap_target, enforced, policy_version, opened, spent, overage,
                held_unknown, leased)
            VALUES (:budget, :start, 0, FALSE, 0, FALSE, 0, 0, 0, 0)
            """;

    private static final String UPDATE =
            """
            UPDATE warder_budget_period SET ends_at = :terms.end, cap_target = :terms.cap, enforced = :terms.enforced,
                policy_version = :terms.version, opened = :opened, spent = :spent, overage = :overage,
                held_unknown = :unknown, leased = :leased
            WHERE budget = :key.budget AND starts_at = :key.start
            """;

    private static final String INSERT_CHARGE =
            """
            INSERT INTO warder_charge (try_id, part, budget, starts_at, nanos, run)
            VALUES (:tryId, :part, :period.budget, :period.start, :nanos, :run)
            """;

    private static final String SUM_CHARGES =
            "SELECT COALESCE(SUM(nanos), 0) FROM warder_charge WHERE budget = :budget AND starts_at = :start";

    private static final String ADJUST =
            """
            UPDATE warder_budget_adjustment SET nanos = nanos + :nanos, made_at = CURRENT_TIMESTAMP
            WHERE budget = :budget AND starts_at = :start AND reason = :reason
            """;

    private static final String INSERT_ADJUSTMENT =
            """
            INSERT INTO warder_budget_adjustment (budget, starts_at, reason, nanos, made_at)
            VALUES (:budget, :start, :reason, :nanos, CURRENT_TIMESTAMP)
            """;

    private static final int ATTEMPTS = 3;

    private static final String NEW = "new_period";

    private PeriodTable() {}

    /** Locks the rows of these periods, in their order, until the end of the transaction. Missing rows are made. */
    static SortedMap<PeriodKey, PeriodRow> lock(Handle handle, Collection<PeriodKey> keys) throws SQLException {
        var rows = new TreeMap<PeriodKey, PeriodRow>();
        for (var key : new TreeSet<>(keys)) {
            rows.put(key, lock(handle, key));
        }
        return rows;
    }

    private static PeriodRow lock(Handle handle, PeriodKey key) throws SQLException {
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            var row = handle.createQuery(LOCK)
                    .bindMethods(key)
                    .mapTo(PeriodRow.class)
                    .findOne();
            if (row.isPresent()) {
                return row.get();
            }
            insert(handle, key);
        }
        throw new SQLException("a period is deleted again and again", "40001");
    }

    /** Waits for another transaction that makes the same row; after that its row counts. */
    private static void insert(Handle handle, PeriodKey key) {
        handle.savepoint(NEW);
        try {
            handle.createUpdate(INSERT).bindMethods(key).execute();
        } catch (JdbiException failed) {
            if (!Statements.hasState(failed, "23")) {
                throw failed;
            }
            handle.rollbackToSavepoint(NEW);
        }
    }

    static void update(Handle handle, Collection<PeriodRow> rows) {
        Statements.batch(handle, UPDATE, rows);
    }

    static void insertCharges(Handle handle, List<Charge> charges) {
        Statements.batch(handle, INSERT_CHARGE, charges);
    }

    static long charged(Handle handle, PeriodKey key) {
        return handle.createQuery(SUM_CHARGES)
                .bindMethods(key)
                .mapTo(BigDecimal.class)
                .one()
                .longValueExact();
    }

    static void adjust(Handle handle, PeriodKey key, String reason, long nanos) {
        Statements.merge(handle, ADJUST, INSERT_ADJUSTMENT, List.of(key), Map.of("reason", reason, "nanos", nanos));
    }
}
