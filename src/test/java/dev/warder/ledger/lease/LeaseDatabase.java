package dev.warder.ledger.lease;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.database.DatabaseSchema;
import dev.warder.database.RepeatableTransactions;
import dev.warder.ledger.store.PeriodKey;
import dev.warder.testkit.Sql;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;

/** A database with leases, and short forms of what tests ask of it. */
final class LeaseDatabase {
    static final UUID A = new UUID(1, 1);
    static final UUID B = new UUID(2, 2);
    static final UUID C = new UUID(3, 3);

    static final Instant START = Instant.parse("2026-11-01T00:00:00Z");
    static final Instant END = Instant.parse("2026-12-01T00:00:00Z");
    static final PeriodKey MONTH = new PeriodKey("team/payments/month", START);
    static final PeriodKey OTHER = new PeriodKey("organization/month", START);

    /** The cap of {@link #request}, and what of it only running requests may use. */
    static final long CAP = 1000;

    static final long EDGE = 20;

    final DatabaseLeases leases;
    final RepeatableTransactions transactions;
    private final DataSource source;

    LeaseDatabase(DataSource source) {
        this.source = source;
        transactions = new RepeatableTransactions(source, DatabaseSchema.Tables.BUDGETS);
        leases = new DatabaseLeases(source);
    }

    /** A database whose connections come from here. */
    static DataSource source(Callable<Connection> connections) {
        return (DataSource) Proxy.newProxyInstance(
                LeaseDatabase.class.getClassLoader(),
                new Class<?>[] {DataSource.class},
                (self, method, arguments) -> connections.call());
    }

    static PeriodKey key(int client) {
        return new PeriodKey("client/c" + client + "/month", START);
    }

    static LeaseRequest request(PeriodKey key, long least, long wanted) {
        return request(key, Optional.of(END), Opening.NONE, least, wanted, Line.NONE);
    }

    static LeaseRequest waiting(PeriodKey key, long least, long wanted) {
        return waiting(key, least, wanted, 0);
    }

    /** @param millis how long the oldest request has waited */
    static LeaseRequest waiting(PeriodKey key, long least, long wanted, int millis) {
        return request(key, Optional.of(END), Opening.NONE, least, wanted, new Line(wanted - least, millis));
    }

    /** The first request of a period. */
    static LeaseRequest opening(PeriodKey key, Opening opening) {
        return request(key, Optional.of(END), opening, 0, 0, Line.NONE);
    }

    static LeaseRequest request(
            PeriodKey key, Optional<Instant> end, Opening opening, long least, long wanted, Line line) {
        return new LeaseRequest(key, new LeaseRequest.Terms(end, CAP, true, 1), EDGE, opening, least, wanted, line);
    }

    /** The same request under another policy. */
    static LeaseRequest under(LeaseRequest request, long version, long cap, boolean enforced) {
        var terms = new LeaseRequest.Terms(request.terms().end(), cap, enforced, version);
        return new LeaseRequest(
                request.key(), terms, EDGE, request.opening(), request.least(), request.wanted(), request.line());
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

    PeriodRow period(PeriodKey key) throws SQLException {
        return transactions.once(
                handle -> LockedPeriods.lock(handle, List.of(key)).period(key));
    }

    /** Spent, overage, unknown and leased. */
    List<Long> amounts(PeriodKey key) throws SQLException {
        var period = period(key);
        return List.of(period.spent(), period.overage(), period.unknown(), period.leased());
    }

    long number(String query) throws SQLException {
        return Sql.number(source, query);
    }

    long count(String table) throws SQLException {
        return number("SELECT COUNT(*) FROM " + table);
    }

    void execute(String sql) throws SQLException {
        Sql.execute(source, sql);
    }

    /** That the tables agree. */
    void check() throws SQLException {
        assertThat(Sql.texts(
                        source,
                        "SELECT budget FROM warder_budget_check"
                                + " WHERE leased_differs <> 0 OR unknown_differs <> 0 OR spent_differs <> 0"))
                .isEmpty();
    }

    /** The most by which a period exceeds its cap; negative or 0 if none does. */
    long mostOutOfCap() throws SQLException {
        return number("SELECT COALESCE(MAX(out_of_cap), 0) FROM warder_budget_check");
    }
}
