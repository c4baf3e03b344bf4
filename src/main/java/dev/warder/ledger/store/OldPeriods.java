package dev.warder.ledger.store;

import dev.warder.database.Statements;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.Nested;

/**
 * Deletes what no budget needs any more: leases without money of periods that ended more than a day ago, or of runs that have
 * ended; charges that are old; periods that ended long ago, and those of sessions that have no end and only old charges. The
 * sum of charges that are deleted stays as an adjustment as long as their period.
 */
public final class OldPeriods {
    /** The last bits of the first half of a UUIDv7, after its time. */
    private static final int VERSION_BITS = 16;

    private static final String LEASES =
            """
            SELECT l.budget, l.starts_at AS start, l.run FROM warder_lease l
            JOIN warder_budget_period p ON p.budget = l.budget AND p.starts_at = l.starts_at
            WHERE l.held_unknown = 0 AND (l.granted = l.drawn OR l.state = 'reaped')
                AND (p.ends_at < CURRENT_TIMESTAMP - INTERVAL '1' DAY
                    OR p.ends_at IS NULL AND l.state = 'live' AND l.wanted = 0
                        AND NOT EXISTS (SELECT 1 FROM warder_budget_node n WHERE n.run = l.run))
            ORDER BY l.budget, l.starts_at, l.run FETCH FIRST 1000 ROWS ONLY
            """;

    private static final String DELETE_LEASE =
            """
            DELETE FROM warder_lease WHERE budget = :key.budget AND starts_at = :key.start AND run = :run AND held_unknown = 0
                AND (granted = drawn OR state = 'reaped')
            """;

    private static final String CHARGES =
            """
            SELECT budget, starts_at AS start, try_id, part, nanos FROM warder_charge WHERE try_id < ?
            ORDER BY try_id, part, budget, starts_at FETCH FIRST 1000 ROWS ONLY
            """;

    private static final String DELETE_CHARGE =
            """
            DELETE FROM warder_charge
            WHERE budget = :key.budget AND starts_at = :key.start AND try_id = :tryId AND part = :part
            """;

    private static final String PERIODS =
            """
            SELECT budget, starts_at AS start FROM warder_budget_period p
            WHERE (ends_at < :time OR ends_at IS NULL AND opened = FALSE AND starts_at < :time
                    OR ends_at IS NULL AND budget LIKE 'session/%' AND held_unknown = 0) AND leased = 0
                AND NOT EXISTS (
                    SELECT 1 FROM warder_charge c WHERE c.budget = p.budget AND c.starts_at = p.starts_at)
            ORDER BY budget, starts_at FETCH FIRST 1000 ROWS ONLY
            """;

    private static final String DELETE_PERIOD =
            """
            DELETE FROM warder_budget_period WHERE budget = :budget AND starts_at = :start AND leased = 0
                AND NOT EXISTS (
                    SELECT 1 FROM warder_charge c
                    WHERE c.budget = warder_budget_period.budget AND c.starts_at = warder_budget_period.starts_at)
            """;

    private static final String DELETE_LEASES =
            "DELETE FROM warder_lease WHERE budget = :budget AND starts_at = :start";

    private static final String DELETE_ADJUSTMENTS =
            "DELETE FROM warder_budget_adjustment WHERE budget = :budget AND starts_at = :start";

    private OldPeriods() {}

    /** The key of a lease. */
    public record OldLease(@Nested PeriodKey key, UUID run) {}

    /** A charge, without its run. */
    public record OldCharge(@Nested PeriodKey key, String tryId, int part, long nanos) {}

    /**
     * Deletes leases, at most 1,000.
     *
     * @param handle in a transaction that reads what is committed, and that the caller commits
     */
    public static int deleteLeases(Handle handle) throws SQLException {
        var old = handle.select(LEASES).mapTo(OldLease.class).list();
        LockedPeriods.lock(handle, old.stream().map(OldLease::key).toList());
        Statements.batch(handle, DELETE_LEASE, old);
        return old.size();
    }

    /**
     * Deletes charges of tries that began before {@code time}, at most 1,000, and returns how many. The id of a try is a UUIDv7
     * (RFC 9562, section 5.7): its first 48 bits are the milliseconds since 1970.
     *
     * @param handle in a transaction that reads what is committed, and that the caller commits
     */
    public static int deleteCharges(Handle handle, Instant time) throws SQLException {
        var bound = new UUID(Math.max(0, time.toEpochMilli()) << VERSION_BITS, 0).toString();
        var found = old(handle, bound);
        var periods =
                LockedPeriods.lock(handle, found.stream().map(OldCharge::key).toList());
        // Read again: another node may have deleted the same before the periods were locked.
        var old = old(handle, bound).stream()
                .filter(each -> periods.keys().contains(each.key()))
                .toList();
        old.stream()
                .collect(Collectors.groupingBy(OldCharge::key, Collectors.summingLong(OldCharge::nanos)))
                .forEach((key, sum) -> periods.adjust(key, "deleted", sum));
        Statements.batch(handle, DELETE_CHARGE, old);
        return found.size();
    }

    private static List<OldCharge> old(Handle handle, String bound) {
        return handle.select(CHARGES, bound).mapTo(OldCharge.class).list();
    }

    /**
     * Deletes periods that ended before {@code time}, or are of sessions and have no end, and have no charges, at most 1,000.
     *
     * @param handle in a transaction that reads what is committed, and that the caller commits
     */
    public static int deletePeriods(Handle handle, Instant time) throws SQLException {
        var old = handle.createQuery(PERIODS)
                .bind("time", time)
                .mapTo(PeriodKey.class)
                .list();
        LockedPeriods.lock(handle, old);
        for (var key : old) {
            if (handle.createUpdate(DELETE_PERIOD).bindMethods(key).execute() > 0) {
                handle.createUpdate(DELETE_LEASES).bindMethods(key).execute();
                handle.createUpdate(DELETE_ADJUSTMENTS).bindMethods(key).execute();
            }
        }
        return old.size();
    }
}
