package dev.warder.ledger.lease;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.database.DatabaseSchema;
import dev.warder.database.RepeatableTransactions;
import dev.warder.ledger.store.PeriodKey;
import dev.warder.testkit.Sql;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;

/** A database with leases, and short forms of what tests ask of it. */
final class LeaseDatabase {
    static final Instant START = Instant.parse("2026-11-01T00:00:00Z");
    static final Instant END = Instant.parse("2026-12-01T00:00:00Z");
    static final PeriodKey MONTH = new PeriodKey("team/payments/month", START);
    static final PeriodKey OTHER = new PeriodKey("organization/month", START);

    /** Later than all ids of tries. */
    static final Instant FAR = Instant.parse("2200-01-01T00:00:00Z");

    /** The cap of {@link #request}, and what of it only running requests may use. */
    static final long CAP = 1000;

    static final long EDGE = 20;

    private final DataSource source;
    private final RepeatableTransactions transactions;
    private final DatabaseLeases leases;

    LeaseDatabase(DataSource source) {
        this.source = source;
        transactions = new RepeatableTransactions(source, DatabaseSchema.Tables.BUDGETS);
        leases = new DatabaseLeases(source);
    }

    DatabaseLeases leases() {
        return leases;
    }

    static LeaseRequest request(PeriodKey key, long least, long wanted) {
        return request(key, least, wanted, Line.NONE);
    }

    static LeaseRequest waiting(PeriodKey key, long least, long wanted) {
        return waiting(key, least, wanted, 0);
    }

    /** @param millis how long the oldest request has waited */
    static LeaseRequest waiting(PeriodKey key, long least, long wanted, int millis) {
        return request(key, least, wanted, new Line(wanted - least, millis));
    }

    private static LeaseRequest request(PeriodKey key, long least, long wanted, Line line) {
        return new LeaseRequest(
                key, new LeaseRequest.Terms(Optional.of(END), CAP, true, 1), EDGE, Opening.NONE, least, wanted, line);
    }

    /** The same request under another policy. */
    static LeaseRequest under(LeaseRequest request, long version, long cap, boolean enforced) {
        var terms = new LeaseRequest.Terms(request.terms().end(), cap, enforced, version);
        return new LeaseRequest(
                request.key(),
                terms,
                request.edge(),
                request.opening(),
                request.least(),
                request.wanted(),
                request.line());
    }

    static LeaseRequest opening(LeaseRequest request, Opening opening) {
        return new LeaseRequest(
                request.key(),
                request.terms(),
                request.edge(),
                opening,
                request.least(),
                request.wanted(),
                request.line());
    }

    LeaseState reserve(UUID run, LeaseRequest request) throws Exception {
        return leases.reserve(run, List.of(request)).get(0);
    }

    /** What a run may spend after it has asked for this. */
    long granted(UUID run, LeaseRequest request) throws Exception {
        return reserve(run, request).granted();
    }

    /** A row of this cost is stored, and charged. */
    void settle(UUID run, PeriodKey key, long nanos) throws SQLException {
        settle(new Charge(UUID.randomUUID(), 0, run, key, nanos));
    }

    void settle(Charge... charges) throws SQLException {
        inTransaction(handle -> Settling.settle(handle, Arrays.asList(charges)));
    }

    /** The work of a transaction. */
    interface Step {
        void with(Handle handle) throws SQLException;
    }

    void inTransaction(Step step) throws SQLException {
        transactions.run(handle -> {
            step.with(handle);
            return true;
        });
    }

    /** The row of a period, without a lock. */
    PeriodRow period(PeriodKey key) throws SQLException {
        return transactions.once(handle ->
                Objects.requireNonNull(PeriodTable.lock(handle, List.of(key)).get(key)));
    }

    long number(String query) throws SQLException {
        return Sql.number(source, query);
    }

    /** The time of day by the clock of the database. */
    Instant now() throws SQLException {
        try (var connection = source.getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT CURRENT_TIMESTAMP")) {
            assertThat(rows.next()).isTrue();
            return rows.getObject(1, OffsetDateTime.class).toInstant();
        }
    }

    void execute(String sql) throws SQLException {
        Sql.execute(source, sql);
    }

    /** That the tables agree. */
    void check() throws SQLException {
        try (var connection = source.getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT budget, leased_differs, unknown_differs, spent_differs"
                        + " FROM warder_budget_check")) {
            while (rows.next()) {
                assertThat(List.of(rows.getLong(2), rows.getLong(3), rows.getLong(4)))
                        .as("leased, unknown and spent of %s", rows.getString(1))
                        .containsOnly(0L);
            }
        }
    }

    /** The most by which a period exceeds its cap; negative or 0 if none does. */
    long mostOutOfCap() throws SQLException {
        return number("SELECT COALESCE(MAX(out_of_cap), 0) FROM warder_budget_check");
    }
}
