package dev.warder.ledger.store;

import dev.warder.database.RepeatableTransactions;
import dev.warder.database.Statements;
import dev.warder.ledger.store.LeaseStore.LeaseRequest.Terms;
import dev.warder.ledger.store.LeaseStore.Line;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.mapper.Nested;

/**
 * The rows of some periods, locked until the end of a transaction that the caller owns, and the leases of them. What is changed
 * here reaches the database by {@link #write}. One thread at a time.
 */
final class LockedPeriods {
    private static final String LOCK =
            """
            SELECT budget, starts_at AS start, ends_at AS "end", cap_target AS cap, enforced, policy_version AS version, opened,
                spent, overage, held_unknown AS "unknown", leased
            FROM warder_budget_period WHERE budget = :budget AND starts_at = :start FOR UPDATE
            """;

    private static final String MAKE =
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

    private static final String LEASES =
            """
            SELECT run, budget, starts_at AS start, granted, drawn, held_unknown AS "unknown", state = 'live' AS live,
                wanted AS nanos, -1 AS millis
            FROM warder_lease WHERE run = :run AND budget IN (<budgets>)
            """;

    private static final String MAKE_LEASE =
            """
            INSERT INTO warder_lease (run, budget, starts_at, granted, drawn, held_unknown, state, wanted)
            VALUES (:run, :key.budget, :key.start, 0, 0, 0, 'live', 0)
            """;

    /** The time since which it waits stays the same where no other is given. */
    private static final String UPDATE_LEASE =
            """
            UPDATE warder_lease SET granted = :granted, drawn = :drawn, held_unknown = :unknown,
                state = CASE WHEN :live THEN 'live' ELSE 'reaped' END, wanted = :waits.nanos,
                wanted_since = CASE WHEN :waits.nanos = 0 THEN NULL
                    ELSE COALESCE(
                        CURRENT_TIMESTAMP - NULLIF(CAST(:waits.millis AS INTEGER), -1) * INTERVAL '0.001' SECOND,
                        wanted_since) END
            WHERE run = :run AND budget = :key.budget AND starts_at = :key.start
            """;

    private static final String OF_RUN = "SELECT budget, starts_at AS start FROM warder_lease WHERE run = ? AND ";

    /** Statements for the periods in which a run has a live lease; has reserved something, or waits for it; has reserved something. */
    static final String LIVE = OF_RUN + "state = 'live'";

    static final String USED = OF_RUN + "state = 'live' AND (granted > drawn OR wanted > 0)";

    static final String RESERVED = OF_RUN + "(held_unknown > 0 OR state = 'live' AND granted > drawn)";

    private static final String ADJUST =
            """
            UPDATE warder_budget_adjustment SET nanos = nanos + :nanos, made_at = CURRENT_TIMESTAMP
            WHERE budget = :budget AND starts_at = :start AND reason = :reason
            """;

    private static final String MAKE_ADJUSTMENT =
            """
            INSERT INTO warder_budget_adjustment (budget, starts_at, reason, nanos, made_at)
            VALUES (:budget, :start, :reason, :nanos, CURRENT_TIMESTAMP)
            """;

    private static final String NEW = "new_period";

    /** The most periods of a transaction that changes all leases of a run. */
    private static final int MOST = 200;

    /** Budgets of one statement, which counts the nodes that wait for each within the limit of its time. */
    private static final int BUDGETS = 20;

    private final Handle handle;
    private final SortedMap<PeriodKey, PeriodRow> periods = new TreeMap<>();
    private final Map<UUID, Map<PeriodKey, LeaseRow>> leases = new HashMap<>();
    private final List<LeaseRow> made = new ArrayList<>();

    /** The rows as they were read or made. */
    private final Set<Record> stored = new HashSet<>();

    private LockedPeriods(Handle handle) {
        this.handle = handle;
    }

    /** Locks the rows of these periods in their order. Missing rows are made. */
    static LockedPeriods lock(Handle handle, Collection<PeriodKey> keys) throws SQLException {
        var locked = new LockedPeriods(handle);
        for (var key : new TreeSet<>(keys)) {
            locked.periods.put(key, locked.lock(key));
        }
        locked.stored.addAll(locked.periods.values());
        return locked;
    }

    private PeriodRow lock(PeriodKey key) throws SQLException {
        return find(key).or(() -> made(key)).orElseThrow(() -> new SQLException("a new period was deleted", "40001"));
    }

    private Optional<PeriodRow> find(PeriodKey key) {
        return handle.createQuery(LOCK).bindMethods(key).mapTo(PeriodRow.class).findOne();
    }

    /** Waits for another transaction that makes the same row; after that its row counts. */
    private Optional<PeriodRow> made(PeriodKey key) {
        handle.savepoint(NEW);
        try {
            handle.createUpdate(MAKE).bindMethods(key).execute();
        } catch (JdbiException failed) {
            if (!Statements.hasState(failed, "23")) {
                throw failed;
            }
            handle.rollbackToSavepoint(NEW);
        }
        return find(key);
    }

    Set<PeriodKey> keys() {
        return periods.keySet();
    }

    /** @param sql has the parameters {@code run} and {@code budgets} */
    <T> List<T> select(String sql, UUID run, Class<T> type) {
        var rows = new ArrayList<T>();
        var all = keys().stream().map(PeriodKey::budget).distinct().toList();
        for (var budgets : Statements.parts(all, BUDGETS)) {
            rows.addAll(handle.createQuery(sql)
                    .bind("run", run)
                    .bindList("budgets", Statements.filled(budgets))
                    .mapTo(type)
                    .list());
        }
        return rows;
    }

    PeriodRow period(PeriodKey key) {
        return Objects.requireNonNull(periods.get(key));
    }

    void put(PeriodRow row) {
        periods.put(row.key(), row);
    }

    /** The leases of a run. */
    Map<PeriodKey, LeaseRow> leases(UUID run) {
        return leases.computeIfAbsent(run, this::read);
    }

    private Map<PeriodKey, LeaseRow> read(UUID run) {
        var found = new HashMap<PeriodKey, LeaseRow>();
        select(LEASES, run, LeaseRow.class).forEach(lease -> found.put(lease.key(), lease));
        found.keySet().retainAll(keys());
        stored.addAll(found.values());
        return found;
    }

    /** A new lease, of nothing yet. */
    LeaseRow make(UUID run, PeriodKey key) {
        var lease = LeaseRow.none(run, key);
        made.add(lease);
        stored.add(lease);
        return lease;
    }

    /** Replaces a lease, and what is leased and unknown of its period. */
    void replace(LeaseRow before, LeaseRow after) {
        leases(after.run()).put(after.key(), after);
        put(period(after.key()).replace(before, after));
    }

    void adjust(PeriodKey key, String reason, long nanos) {
        Statements.merge(handle, ADJUST, MAKE_ADJUSTMENT, List.of(key), Map.of("reason", reason, "nanos", nanos));
    }

    /** Writes what was changed, and returns how many leases were. */
    int write() {
        Statements.batch(handle, UPDATE, changed(periods.values()));
        Statements.batch(handle, MAKE_LEASE, made);
        var all = new ArrayList<LeaseRow>();
        leases.values().forEach(each -> all.addAll(changed(each.values())));
        return Statements.batch(handle, UPDATE_LEASE, all).length;
    }

    private <T extends Record> List<T> changed(Collection<T> rows) {
        return rows.stream().filter(row -> !stored.contains(row)).toList();
    }

    /**
     * Changes leases of a run with the sums of their periods, in several transactions, and returns how many were changed.
     *
     * @param which {@link #LIVE}, {@link #USED} or {@link #RESERVED}
     */
    static int changeAll(RepeatableTransactions transactions, UUID run, String which, UnaryOperator<LeaseRow> change)
            throws SQLException {
        var keys = transactions.run(
                handle -> handle.select(which, run).mapTo(PeriodKey.class).list());
        int changed = 0;
        for (var part : Statements.parts(keys, MOST)) {
            changed += transactions.run(handle -> {
                var locked = lock(handle, part);
                List.copyOf(locked.leases(run).values()).forEach(lease -> locked.replace(lease, change.apply(lease)));
                return locked.write();
            });
        }
        return changed;
    }

    /**
     * A row of {@code warder_lease}. Immutable.
     *
     * @param granted what was reserved since the start of the run, less what it gave back itself
     * @param drawn what of that was spent by stored rows
     * @param unknown what of the rest may have been spent, if the run was killed; 0 before
     * @param live whether the run may use it; not after it was thought dead
     * @param waits what it waits for in addition
     */
    public record LeaseRow(
            UUID run, @Nested PeriodKey key, long granted, long drawn, long unknown, boolean live, @Nested Line waits) {
        /** No request waits for an hour. */
        static final int BEFORE_ALL = 3_600_000;

        static LeaseRow none(UUID run, PeriodKey key) {
            return new LeaseRow(run, key, 0, 0, 0, true, Line.NONE);
        }

        long leased() {
            return live ? granted - drawn : 0;
        }

        /** As granted, or as unknown, which an operator may have set free. */
        long reserved() {
            return leased() + unknown;
        }

        /**
         * With this granted. It waits for what it has not: for running requests before all others.
         *
         * @param least what running requests need
         * @param line what others wait for in addition
         */
        LeaseRow grant(long newGranted, long least, Line line) {
            long missing = Math.max(0, least + line.nanos() - newGranted);
            int millis = newGranted < least ? BEFORE_ALL : line.millis();
            var newWait = missing > 0 ? new Line(missing, millis) : Line.NONE;
            return new LeaseRow(run, key, newGranted, drawn, unknown, live, newWait);
        }

        LeaseRow draw(long nanos) {
            long newDrawn = drawn + nanos;
            return new LeaseRow(
                    run, key, Math.max(granted, newDrawn), newDrawn, Math.max(0, unknown - nanos), live, waits);
        }

        /** Taken from a run that holds no more than this. */
        LeaseRow reap(long held) {
            return new LeaseRow(run, key, granted, drawn, Math.min(held, reserved()), false, Line.NONE);
        }

        LeaseRow end() {
            return new LeaseRow(run, key, drawn, drawn, unknown, live, Line.NONE);
        }
    }

    /**
     * A row of {@code warder_budget_period}. Immutable.
     *
     * @param terms those of the highest version of the policy; without an end also while it is not known
     * @param opened whether what was spent before the row was made is part of {@code spent}
     * @param spent what was spent within the cap
     * @param overage what was spent above it
     * @param unknown what killed runs had reserved, and perhaps spent
     * @param leased what live runs have reserved
     */
    public record PeriodRow(
            @Nested PeriodKey key,
            @Nested Terms terms,
            boolean opened,
            long spent,
            long overage,
            long unknown,
            long leased) {
        Amounts amounts() {
            return new Amounts(terms.cap(), spent, overage, leased, unknown);
        }

        long roomBelow(long limit) {
            return Math.max(0, limit - amounts().taken());
        }

        PeriodRow adopt(Terms current) {
            return current.version() < terms.version()
                    ? this
                    : new PeriodRow(key, current, opened, spent, overage, unknown, leased);
        }

        PeriodRow open(long before) {
            return new PeriodRow(key, terms, true, Math.addExact(spent, before), overage, unknown, leased);
        }

        PeriodRow replace(LeaseRow before, LeaseRow after) {
            long newUnknown = unknown + after.unknown() - before.unknown();
            return new PeriodRow(
                    key, terms, opened, spent, overage, newUnknown, leased + after.leased() - before.leased());
        }

        /** Money was spent of which this part was reserved until now: the rest is within the cap as far as there is room. */
        PeriodRow spend(long nanos, long reserved) {
            long room = terms.enforced() ? roomBelow(terms.cap() - reserved) : nanos;
            long within = reserved + Math.min(nanos - reserved, room);
            long newOverage = Math.addExact(overage, nanos - within);
            return new PeriodRow(key, terms, opened, Math.addExact(spent, within), newOverage, unknown, leased);
        }
    }
}
