package dev.warder.ledger.lease;

import dev.warder.database.Statements;
import dev.warder.ledger.store.PeriodKey;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.Nested;

/** Reserves once for a run what it needs of some periods, in a transaction that the caller owns. One thread at a time. */
final class Reservation {
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

    private final Handle handle;
    private final UUID run;
    private SortedMap<PeriodKey, PeriodRow> periods = new TreeMap<>();
    private Map<PeriodKey, LeaseRow> leases = Map.of();
    /** For each period for which another run waits, whether one waits longer than this run. */
    private final Map<PeriodKey, Boolean> others = new HashMap<>();

    private final List<LeaseRow> made = new ArrayList<>();
    private final List<LeaseRow> changed = new ArrayList<>();
    private final Map<PeriodKey, PeriodRow> written = new HashMap<>();

    Reservation(Handle handle, UUID run) {
        this.handle = handle;
        this.run = run;
    }

    List<LeaseState> of(List<LeaseRequest> requests) throws SQLException, FencedException {
        var keys = requests.stream().map(LeaseRequest::key).toList();
        periods = PeriodTable.lock(handle, keys);
        if (periods.size() < keys.size()) {
            throw new IllegalArgumentException("a reservation has two requests for one period");
        }
        leases = LeaseTable.of(handle, run, keys);
        refuseFenced(requests);
        readOthers(keys);
        open(requests);
        var states = requests.stream().map(this::state).toList();
        PeriodTable.update(handle, written.values());
        LeaseTable.insert(handle, made);
        LeaseTable.update(handle, changed);
        return states;
    }

    /** All leases of a run are taken from it at once, so that its new ones count too. */
    private void refuseFenced(List<LeaseRequest> requests) throws FencedException {
        boolean fenced = leases.values().stream().anyMatch(lease -> !lease.live());
        boolean fresh = requests.stream().anyMatch(each -> each.terms().enforced() && !leases.containsKey(each.key()));
        if (fenced || fresh && LeaseTable.isFenced(handle, run)) {
            throw new FencedException(run);
        }
    }

    private void open(List<LeaseRequest> requests) {
        var openings = new Openings(handle);
        for (var request : requests) {
            var period = Objects.requireNonNull(periods.get(request.key()));
            if (!period.opened()) {
                replace(period.open(openings.before(request)));
            }
        }
    }

    private LeaseState state(LeaseRequest request) {
        var key = request.key();
        var before = Objects.requireNonNull(periods.get(key));
        var period = before.adopt(request.terms());
        var lease = leases.get(key);
        if (lease != null || request.terms().enforced()) {
            var held = lease == null ? LeaseRow.of(run, key) : lease;
            long granted = granted(request, period, held);
            var after = request.terms().enforced()
                    ? held.grant(granted, request.least(), request.line())
                    : held.grant(granted, 0, Line.NONE);
            period = period.lease(granted - held.granted());
            if (lease == null) {
                made.add(after);
            } else if (!after.equals(held)) {
                changed.add(after);
            }
            lease = after;
        }
        if (!period.equals(before)) {
            replace(period);
        }
        return new LeaseState(
                key,
                lease == null ? 0 : lease.granted(),
                lease == null ? 0 : lease.drawn(),
                period.amounts(),
                isBefore(request));
    }

    private long granted(LeaseRequest request, PeriodRow period, LeaseRow lease) {
        long wanted = request.terms().enforced() ? request.wanted() : 0;
        if (wanted <= lease.granted()) {
            return Math.max(wanted, lease.drawn());
        }
        long missing = Math.max(0, request.least() - lease.granted());
        long granted = lease.granted()
                + Math.min(missing, period.roomBelow(period.terms().cap()));
        if (granted < request.least() || isBefore(request)) {
            return granted;
        }
        long room =
                period.lease(granted - lease.granted()).roomBelow(period.terms().cap() - request.edge());
        return granted + Math.min(wanted - granted, room);
    }

    /** Whether another run that waits is to be served before this request. */
    private boolean isBefore(LeaseRequest request) {
        return request.line().exists() ? others.getOrDefault(request.key(), false) : others.containsKey(request.key());
    }

    private void replace(PeriodRow period) {
        periods.put(period.key(), period);
        written.put(period.key(), period);
    }

    private record Other(@Nested PeriodKey key, boolean earlier) {}

    private void readOthers(List<PeriodKey> keys) {
        for (var budgets : LeaseTable.budgets(keys)) {
            handle.createQuery(WAITING)
                    .bind("run", run)
                    .bindList("budgets", Statements.filled(budgets))
                    .mapTo(Other.class)
                    .forEach(other -> others.merge(other.key, other.earlier, Boolean::logicalOr));
        }
    }

    /**
     * Spending in periods before they had a row, from the rows of the ledger. Periods with the same window read the ledger
     * once. The rows of the periods must be locked: rows that are charged to them are then either in both sums or in none.
     * One thread at a time.
     */
    static final class Openings {
        private static final String REASON = "opening";

        private static final String COSTS =
                """
                SELECT COALESCE(client, '') AS client, COALESCE(model_sent, '') AS model, SUM(cost_nanos) AS nanos
                FROM warder_ledger
                WHERE ended_at >= :start AND admitted_at >= :start AND admitted_at < :end AND billed = TRUE AND cost_nanos > 0
                GROUP BY client, model_sent
                """;

        private static final Instant NEVER = Instant.parse("9999-12-31T00:00:00Z");

        private final Handle handle;
        private final Map<Window, List<Cost>> costs = new HashMap<>();

        private record Window(Instant start, Optional<Instant> end) {}

        private record Cost(String client, String model, BigDecimal nanos) {}

        Openings(Handle handle) {
            this.handle = handle;
        }

        /** Spending before the period had a row, in nano-dollars; it is noted as an adjustment. */
        long before(LeaseRequest request) {
            if (request.opening().isNone()) {
                return 0;
            }
            long charged = PeriodTable.charged(handle, request.key());
            long before = Math.max(0, sum(request) - charged);
            if (before > 0) {
                PeriodTable.adjust(handle, request.key(), REASON, before);
            }
            return before;
        }

        private long sum(LeaseRequest request) {
            var window = new Window(request.key().start(), request.terms().end());
            return costs.computeIfAbsent(window, this::read).stream()
                    .filter(each -> request.opening().counts(each.client, each.model))
                    .map(Cost::nanos)
                    .reduce(BigDecimal.ZERO, BigDecimal::add)
                    .longValueExact();
        }

        private List<Cost> read(Window window) {
            return handle.createQuery(COSTS)
                    .bind("start", window.start)
                    .bind("end", window.end.orElse(NEVER))
                    .mapTo(Cost.class)
                    .list();
        }
    }
}
