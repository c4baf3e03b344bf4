package dev.warder.ledger.lease;

import dev.warder.database.Statements;
import dev.warder.ledger.store.PeriodKey;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reserves once for a run what it needs of some periods, in a transaction that the caller owns. One thread at a time. */
final class Reservation {
    private final Connection connection;
    private final UUID run;
    private SortedMap<PeriodKey, PeriodRow> periods = new TreeMap<>();
    private Map<PeriodKey, LeaseRow> leases = Map.of();
    private Map<PeriodKey, WaitingLeases> others = Map.of();
    private final List<LeaseRow> made = new ArrayList<>();
    private final List<LeaseRow> changed = new ArrayList<>();
    private final Map<PeriodKey, PeriodRow> written = new HashMap<>();

    Reservation(Connection connection, UUID run) {
        this.connection = connection;
        this.run = run;
    }

    List<LeaseState> of(List<LeaseRequest> requests) throws SQLException, FencedException {
        var keys = requests.stream().map(LeaseRequest::key).toList();
        periods = PeriodTable.lock(connection, keys);
        if (periods.size() < keys.size()) {
            throw new IllegalArgumentException("a reservation has two requests for one period");
        }
        leases = LeaseTable.of(connection, run, keys);
        refuseFenced(requests);
        others = WaitingLeases.of(connection, run, keys);
        open(requests);
        var states = requests.stream().map(this::state).toList();
        PeriodTable.update(connection, written.values());
        LeaseTable.insert(connection, made);
        LeaseTable.update(connection, changed);
        return states;
    }

    /** All leases of a run are taken from it at once, so that its new ones count too. */
    private void refuseFenced(List<LeaseRequest> requests) throws SQLException, FencedException {
        boolean fenced = leases.values().stream().anyMatch(lease -> !lease.live());
        boolean fresh = requests.stream().anyMatch(each -> each.terms().enforced() && !leases.containsKey(each.key()));
        if (fenced || fresh && LeaseTable.isFenced(connection, run)) {
            throw new FencedException(run);
        }
    }

    private void open(List<LeaseRequest> requests) throws SQLException {
        var openings = new Openings(connection);
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
        var waiting = others.getOrDefault(key, WaitingLeases.NONE);
        var lease = leases.get(key);
        if (lease != null || request.terms().enforced()) {
            var held = lease == null ? LeaseRow.of(run, key) : lease;
            long granted = granted(request, period, held, waiting);
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
                isBefore(waiting, request));
    }

    private static long granted(LeaseRequest request, PeriodRow period, LeaseRow lease, WaitingLeases others) {
        long wanted = request.terms().enforced() ? request.wanted() : 0;
        if (wanted <= lease.granted()) {
            return Math.max(wanted, lease.drawn());
        }
        long missing = Math.max(0, request.least() - lease.granted());
        long granted = lease.granted()
                + Math.min(missing, period.roomBelow(period.terms().cap()));
        if (granted < request.least() || isBefore(others, request)) {
            return granted;
        }
        long room =
                period.lease(granted - lease.granted()).roomBelow(period.terms().cap() - request.edge());
        return granted + Math.min(wanted - granted, room);
    }

    private static boolean isBefore(WaitingLeases others, LeaseRequest request) {
        return request.line().exists() ? others.first() : others.exist();
    }

    private void replace(PeriodRow period) {
        periods.put(period.key(), period);
        written.put(period.key(), period);
    }

    /**
     * Other runs that wait for more of a period. Immutable.
     *
     * @param exist whether one waits
     * @param first whether one waits longer than this run, or this run does not wait
     */
    private record WaitingLeases(boolean exist, boolean first) {
        static final WaitingLeases NONE = new WaitingLeases(false, false);

        /** No run that was killed some seconds ago keeps others waiting until its leases are taken from it. */
        private static final String WAITING =
                """
                SELECT budget, starts_at, run, (
                    SELECT COUNT(*) FROM warder_lease own
                    WHERE own.run = ? AND own.budget = other.budget AND own.starts_at = other.starts_at AND own.wanted > 0
                        AND (own.wanted_since < other.wanted_since
                            OR own.wanted_since = other.wanted_since AND own.run < other.run))
                FROM warder_lease other
                WHERE run <> ? AND state = 'live' AND wanted > 0
                    AND NOT EXISTS (
                        SELECT 1 FROM warder_budget_node node
                        WHERE node.run = other.run AND node.seen_at < CURRENT_TIMESTAMP - INTERVAL '10' SECOND)
                    AND"""
                        + LeaseTable.BUDGETS;

        private WaitingLeases and(boolean earlier) {
            return new WaitingLeases(true, first || earlier);
        }

        static Map<PeriodKey, WaitingLeases> of(Connection connection, UUID run, Collection<PeriodKey> keys)
                throws SQLException {
            var others = new HashMap<PeriodKey, WaitingLeases>();
            for (var names : LeaseTable.budgets(keys)) {
                var waiting = Statements.list(
                        connection,
                        WAITING,
                        row -> Map.entry(PeriodTable.key(row, 1), row.getInt(4) == 0),
                        run,
                        run,
                        names);
                for (var other : waiting) {
                    others.compute(other.getKey(), (key, known) -> (known == null ? WaitingLeases.NONE : known)
                            .and(other.getValue()));
                }
            }
            return others;
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
                SELECT client, model_sent, SUM(cost_nanos) FROM warder_ledger
                WHERE ended_at >= ? AND admitted_at >= ? AND admitted_at < ? AND billed = TRUE AND cost_nanos > 0
                GROUP BY client, model_sent
                """;

        private static final Instant NEVER = Instant.parse("9999-12-31T00:00:00Z");

        private final Connection connection;
        private final Map<Window, List<Cost>> costs = new HashMap<>();

        private record Window(Instant start, Optional<Instant> end) {}

        private record Cost(String client, String model, BigDecimal nanos) {}

        Openings(Connection connection) {
            this.connection = connection;
        }

        /** Spending before the period had a row, in nano-dollars; it is noted as an adjustment. */
        long before(LeaseRequest request) throws SQLException {
            if (request.opening().isNone()) {
                return 0;
            }
            long charged = PeriodTable.charged(connection, request.key());
            long before = Math.max(0, sum(request) - charged);
            if (before > 0) {
                PeriodTable.adjust(connection, request.key(), REASON, before);
            }
            return before;
        }

        private long sum(LeaseRequest request) throws SQLException {
            var window = new Window(request.key().start(), request.terms().end());
            var found = costs.get(window);
            if (found == null) {
                found = read(window);
                costs.put(window, found);
            }
            return found.stream()
                    .filter(each -> request.opening().counts(each.client, each.model))
                    .map(Cost::nanos)
                    .reduce(BigDecimal.ZERO, BigDecimal::add)
                    .longValueExact();
        }

        private List<Cost> read(Window window) throws SQLException {
            return Statements.list(
                    connection,
                    COSTS,
                    row -> new Cost(text(row.getString(1)), text(row.getString(2)), row.getBigDecimal(3)),
                    window.start,
                    window.start,
                    window.end.orElse(NEVER));
        }

        private static String text(@Nullable String value) {
            return Objects.requireNonNullElse(value, "");
        }
    }
}
