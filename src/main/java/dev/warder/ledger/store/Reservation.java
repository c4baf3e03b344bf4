package dev.warder.ledger.store;

import dev.warder.ledger.store.LeaseStore.FencedException;
import dev.warder.ledger.store.LeaseStore.LeaseRequest;
import dev.warder.ledger.store.LeaseStore.LeaseState;
import dev.warder.ledger.store.LeaseStore.Line;
import dev.warder.ledger.store.LeaseStore.Opening;
import dev.warder.ledger.store.LockedPeriods.LeaseRow;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.Nested;

/**
 * Reserves once for a run what it needs of some periods, in a transaction that the caller owns. One thread at a time.
 *
 * @param others for each period for which another run waits, whether one waits longer than this run
 */
record Reservation(Handle handle, UUID run, LockedPeriods periods, Map<PeriodKey, Boolean> others) {
    /** No run that was killed some seconds ago keeps others waiting until its leases are taken from it. */
    private static final String WAITING =
            """
            SELECT budget, starts_at AS start, run, (
                SELECT COUNT(*) FROM warder_lease own
                WHERE own.run = :run AND own.budget = other.budget AND own.starts_at = other.starts_at AND own.wanted > 0
                    AND (own.wanted_since < other.wanted_since
                        OR own.wanted_since = other.wanted_since AND own.run < other.run)) = 0 AS earlier
            FROM warder_lease other
            WHERE run <> :run AND state = 'live' AND wanted > 0
                AND NOT EXISTS (
                    SELECT 1 FROM warder_budget_node node
                    WHERE node.run = other.run AND node.seen_at < CURRENT_TIMESTAMP - INTERVAL '10' SECOND)
                AND budget IN (<budgets>)
            """;

    private static final String REAPED =
            "SELECT budget FROM warder_lease WHERE run = ? AND state = 'reaped' FETCH FIRST 1 ROWS ONLY";

    private static final String COSTS =
            """
            SELECT COALESCE(client, '') AS client, COALESCE(model_sent, '') AS model, SUM(cost_nanos) AS nanos
            FROM warder_ledger
            WHERE ended_at >= :start AND admitted_at >= :start AND admitted_at < :end AND billed = TRUE AND cost_nanos > 0
            GROUP BY client, model_sent
            """;

    private static final String CHARGED =
            "SELECT COALESCE(SUM(nanos), 0) FROM warder_charge WHERE budget = :budget AND starts_at = :start";

    private static final Instant NEVER = Instant.parse("9999-12-31T00:00:00Z");

    static List<LeaseState> of(Handle handle, UUID run, List<LeaseRequest> requests)
            throws SQLException, FencedException {
        var periods = LockedPeriods.lock(
                handle, requests.stream().map(LeaseRequest::key).toList());
        if (periods.keys().size() < requests.size()) {
            throw new IllegalArgumentException("a reservation has two requests for one period");
        }
        var reservation = new Reservation(handle, run, periods, new HashMap<>());
        reservation.refuseFenced(requests);
        periods.select(WAITING, run, Other.class)
                .forEach(other -> reservation.others.merge(other.key, other.earlier, Boolean::logicalOr));
        var states = requests.stream().map(reservation::state).toList();
        periods.write();
        return states;
    }

    /** All leases of a run are taken from it at once, so that its new ones count too. */
    private void refuseFenced(List<LeaseRequest> requests) throws FencedException {
        var leases = periods.leases(run);
        boolean fenced = leases.values().stream().anyMatch(lease -> !lease.live());
        boolean fresh = requests.stream().anyMatch(each -> each.terms().enforced() && !leases.containsKey(each.key()));
        if (fenced || fresh && !handle.select(REAPED, run).mapToMap().list().isEmpty()) {
            throw new FencedException(run);
        }
    }

    private record Other(@Nested PeriodKey key, boolean earlier) {}

    private LeaseState state(LeaseRequest asked) {
        var key = asked.key();
        boolean enforced = asked.terms().enforced();
        var request = enforced ? asked : new LeaseRequest(key, asked.terms(), 0, asked.opening(), 0, 0, Line.NONE);
        open(request);
        periods.put(periods.period(key).adopt(request.terms()));
        var lease = periods.leases(run).get(key);
        var before = lease != null ? lease : enforced ? periods.make(run, key) : LeaseRow.none(run, key);
        var after = before.grant(granted(request, before), request.least(), request.line());
        if (!after.equals(before)) {
            periods.replace(before, after);
        }
        return new LeaseState(
                key, after.granted(), after.drawn(), periods.period(key).amounts(), isBefore(request));
    }

    private long granted(LeaseRequest request, LeaseRow lease) {
        if (request.wanted() <= lease.granted()) {
            return Math.max(request.wanted(), lease.drawn());
        }
        var period = periods.period(request.key());
        long cap = period.terms().cap();
        long missing = Math.max(0, request.least() - lease.granted());
        long needed = Math.min(missing, period.roomBelow(cap));
        long granted = lease.granted() + needed;
        boolean endsHere = granted < request.least() || isBefore(request);
        return endsHere
                ? granted
                : granted + Math.min(request.wanted() - granted, period.roomBelow(cap - request.edge() - needed));
    }

    /** Whether another run that waits is to be served before this request. */
    private boolean isBefore(LeaseRequest request) {
        return request.line().exists() ? others.getOrDefault(request.key(), false) : others.containsKey(request.key());
    }

    /** Rows that are charged to a new period while its row is locked are in both sums or in none. */
    private void open(LeaseRequest request) {
        var period = periods.period(request.key());
        if (!period.opened()) {
            long before =
                    request.opening().equals(Opening.NONE) ? 0 : Math.max(0, cost(request) - charged(request.key()));
            if (before > 0) {
                periods.adjust(request.key(), "opening", before);
            }
            periods.put(period.open(before));
        }
    }

    private long charged(PeriodKey key) {
        return handle.createQuery(CHARGED).bindMethods(key).mapTo(long.class).one();
    }

    private record Cost(String client, String model, long nanos) {}

    private long cost(LeaseRequest request) {
        return handle
                .createQuery(COSTS)
                .bind("start", request.key().start())
                .bind("end", request.terms().end().orElse(NEVER))
                .mapTo(Cost.class)
                .stream()
                .filter(each -> request.opening().counts(each.client, each.model))
                .mapToLong(Cost::nanos)
                .reduce(0, Math::addExact);
    }
}
