package dev.warder.ledger.lease;

import dev.warder.database.Statements;
import dev.warder.ledger.store.PeriodKey;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Deletes what no budget needs any more: leases without money of periods that ended more than a day ago, or of runs that have
 * ended; charges that are old; periods that ended long ago, and those of sessions that have no end and only old charges. The
 * sum of charges that are deleted stays as an adjustment as long as their period.
 */
public final class OldPeriods {
    private static final String REASON = "deleted";

    private static final String LEASES =
            """
            SELECT l.budget, l.starts_at, l.run FROM warder_lease l
            JOIN warder_budget_period p ON p.budget = l.budget AND p.starts_at = l.starts_at
            WHERE l.held_unknown = 0 AND (l.granted = l.drawn OR l.state = 'reaped')
                AND (p.ends_at < CURRENT_TIMESTAMP - INTERVAL '1' DAY
                    OR p.ends_at IS NULL AND l.state = 'live' AND l.wanted = 0
                        AND NOT EXISTS (SELECT 1 FROM warder_budget_node n WHERE n.run = l.run))
            ORDER BY l.budget, l.starts_at, l.run FETCH FIRST 1000 ROWS ONLY
            """;

    private static final String DELETE_LEASE =
            """
            DELETE FROM warder_lease WHERE budget = ? AND starts_at = ? AND run = ? AND held_unknown = 0
                AND (granted = drawn OR state = 'reaped')
            """;

    private static final String CHARGES =
            """
            SELECT budget, starts_at, try_id, part, nanos FROM warder_charge WHERE try_id < ?
            ORDER BY try_id, part, budget, starts_at FETCH FIRST 1000 ROWS ONLY
            """;

    private static final String DELETE_CHARGE =
            "DELETE FROM warder_charge WHERE budget = ? AND starts_at = ? AND try_id = ? AND part = ?";

    private static final String PERIODS =
            """
            SELECT budget, starts_at FROM warder_budget_period p
            WHERE (ends_at < ? OR ends_at IS NULL AND opened = FALSE AND starts_at < ?
                    OR ends_at IS NULL AND budget LIKE 'session/%' AND held_unknown = 0) AND leased = 0
                AND NOT EXISTS (
                    SELECT 1 FROM warder_charge c WHERE c.budget = p.budget AND c.starts_at = p.starts_at)
            ORDER BY budget, starts_at FETCH FIRST 1000 ROWS ONLY
            """;

    private static final String DELETE_PERIOD =
            """
            DELETE FROM warder_budget_period WHERE budget = ? AND starts_at = ? AND leased = 0
                AND NOT EXISTS (
                    SELECT 1 FROM warder_charge c
                    WHERE c.budget = warder_budget_period.budget AND c.starts_at = warder_budget_period.starts_at)
            """;

    private static final String DELETE_LEASES = "DELETE FROM warder_lease WHERE budget = ? AND starts_at = ?";

    private static final String DELETE_ADJUSTMENTS =
            "DELETE FROM warder_budget_adjustment WHERE budget = ? AND starts_at = ?";

    private OldPeriods() {}

    private record OldLease(PeriodKey key, String run) {}

    private record OldCharge(PeriodKey key, String tryId, int part, long nanos) {}

    /**
     * Deletes leases, at most 1,000.
     *
     * @param connection in a transaction that reads what is committed, and that the caller commits
     */
    public static int deleteLeases(Connection connection) throws SQLException {
        var old = Statements.list(connection, LEASES, row -> new OldLease(PeriodTable.key(row, 1), row.getString(3)));
        PeriodTable.lock(connection, old.stream().map(OldLease::key).toList());
        Statements.batch(
                connection, DELETE_LEASE, old, each -> new Object[] {each.key().columns(), each.run()});
        return old.size();
    }

    /**
     * Deletes charges of tries that began before {@code time}, at most 1,000, and returns how many. The id of a try is a UUIDv7
     * (RFC 9562, section 5.7): its first 48 bits are the milliseconds since 1970.
     *
     * @param connection in a transaction that reads what is committed, and that the caller commits
     */
    public static int deleteCharges(Connection connection, Instant time) throws SQLException {
        var bound = bound(time);
        var found = old(connection, bound);
        if (found.isEmpty()) {
            return 0;
        }
        var periods =
                PeriodTable.lock(connection, found.stream().map(OldCharge::key).toList());
        // Read again: another node may have deleted the same before the periods were locked.
        var old = old(connection, bound).stream()
                .filter(each -> periods.containsKey(each.key()))
                .toList();
        Map<PeriodKey, Long> sums = new HashMap<>();
        old.forEach(each -> sums.merge(each.key(), each.nanos(), Math::addExact));
        for (var sum : sums.entrySet()) {
            PeriodTable.adjust(connection, sum.getKey(), REASON, sum.getValue());
        }
        Statements.batch(
                connection, DELETE_CHARGE, old, each -> new Object[] {each.key().columns(), each.tryId(), each.part()});
        return found.size();
    }

    private static String bound(Instant time) {
        var digits = String.format(Locale.ROOT, "%012x", Math.max(0, time.toEpochMilli()));
        return digits.substring(0, 8).concat("-").concat(digits.substring(8));
    }

    private static List<OldCharge> old(Connection connection, String bound) throws SQLException {
        return Statements.list(
                connection,
                CHARGES,
                row -> new OldCharge(PeriodTable.key(row, 1), row.getString(3), row.getInt(4), row.getLong(5)),
                bound);
    }

    /**
     * Deletes periods that ended before {@code time}, or are of sessions and have no end, and have no charges, at most 1,000.
     *
     * @param connection in a transaction that reads what is committed, and that the caller commits
     */
    public static int deletePeriods(Connection connection, Instant time) throws SQLException {
        var old = Statements.list(connection, PERIODS, row -> PeriodTable.key(row, 1), time, time);
        PeriodTable.lock(connection, old);
        for (var key : old) {
            if (Statements.update(connection, DELETE_PERIOD, key.columns()) > 0) {
                Statements.update(connection, DELETE_LEASES, key.columns());
                Statements.update(connection, DELETE_ADJUSTMENTS, key.columns());
            }
        }
        return old.size();
    }
}
