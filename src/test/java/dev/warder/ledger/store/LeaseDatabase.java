package dev.warder.ledger.store;

import dev.warder.database.DatabaseSchema;
import dev.warder.database.RepeatableTransactions;
import dev.warder.ledger.store.LeaseStore.LeaseRequest;
import dev.warder.ledger.store.LeaseStore.LeaseState;
import dev.warder.ledger.store.LeaseStore.Line;
import dev.warder.ledger.store.LeaseStore.Opening;
import dev.warder.ledger.store.LockedPeriods.PeriodRow;
import dev.warder.ledger.store.Settling.Charge;
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

/** A database with leases, whose tables must agree after each test, and short forms of what tests ask of it. */
interface LeaseDatabase {
    UUID A = new UUID(1, 1);
    UUID B = new UUID(2, 2);
    UUID C = new UUID(3, 3);

    Instant START = Instant.parse("2026-11-01T00:00:00Z");
    Instant END = Instant.parse("2026-12-01T00:00:00Z");
    PeriodKey MONTH = new PeriodKey("team/payments/month", START);
    PeriodKey OTHER = new PeriodKey("organization/month", START);

    /** The cap of {@link #request}, and what of it only running requests may use. */
    long CAP = 1000;

    long EDGE = 20;

    /** A database that is empty in the beginning, the same for each call. */
    DataSource database();

    default DatabaseLeases leases() {
        return new DatabaseLeases(database());
    }

    default RepeatableTransactions transactions() {
        return new RepeatableTransactions(database(), DatabaseSchema.Tables.LEDGER);
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

    default LeaseRequest request(PeriodKey key, long least, long wanted) {
        return request(key, Optional.of(END), Opening.NONE, least, wanted, Line.NONE);
    }

    default LeaseRequest waiting(PeriodKey key, long least, long wanted) {
        return waiting(key, least, wanted, 0);
    }

    /** @param millis how long the oldest request has waited */
    default LeaseRequest waiting(PeriodKey key, long least, long wanted, int millis) {
        return request(key, Optional.of(END), Opening.NONE, least, wanted, new Line(wanted - least, millis));
    }

    default LeaseRequest request(
            PeriodKey key, Optional<Instant> end, Opening opening, long least, long wanted, Line line) {
        return new LeaseRequest(key, new LeaseRequest.Terms(end, CAP, true, 1), EDGE, opening, least, wanted, line);
    }

    /** The same request under another policy. */
    default LeaseRequest under(LeaseRequest request, long version, long cap, boolean enforced) {
        var terms = new LeaseRequest.Terms(request.terms().end(), cap, enforced, version);
        return new LeaseRequest(
                request.key(), terms, EDGE, request.opening(), request.least(), request.wanted(), request.line());
    }

    default LeaseState reserve(UUID run, LeaseRequest request) throws Exception {
        return leases().reserve(run, List.of(request)).get(0);
    }

    /** What a run may spend after it has asked for this. */
    default long granted(UUID run, LeaseRequest request) throws Exception {
        return reserve(run, request).granted();
    }

    /** A row of this cost is stored, and charged. */
    default void settle(UUID run, PeriodKey key, long nanos) throws SQLException {
        settle(new Charge(UUID.randomUUID(), 0, run, key, nanos));
    }

    default void settle(Charge... charges) throws SQLException {
        inTransaction(handle -> Settling.settle(handle, Arrays.asList(charges)));
    }

    /** The work of a transaction. */
    interface Step {
        void with(Handle handle) throws SQLException;
    }

    default void inTransaction(Step step) throws SQLException {
        transactions().run(handle -> {
            step.with(handle);
            return true;
        });
    }

    default PeriodRow period(PeriodKey key) throws SQLException {
        return transactions()
                .once(handle -> LockedPeriods.lock(handle, List.of(key)).period(key));
    }

    /** Spent, overage, unknown and leased. */
    default List<Long> amounts(PeriodKey key) throws SQLException {
        var period = period(key);
        return List.of(period.spent(), period.overage(), period.unknown(), period.leased());
    }

    default long number(String query) throws SQLException {
        return Sql.number(database(), query);
    }

    default long count(String table) throws SQLException {
        return number("SELECT COUNT(*) FROM " + table);
    }

    default void execute(String sql) throws SQLException {
        Sql.execute(database(), sql);
    }

    /** The most by which a period exceeds its cap; negative or 0 if none does. */
    default long mostOutOfCap() throws SQLException {
        return number("SELECT COALESCE(MAX(out_of_cap), 0) FROM warder_budget_check");
    }
}
