package dev.warder.ledger.lease;

import static dev.warder.ledger.lease.LeaseDatabase.END;
import static dev.warder.ledger.lease.LeaseDatabase.MONTH;
import static dev.warder.ledger.lease.LeaseDatabase.OTHER;
import static dev.warder.ledger.lease.LeaseDatabase.START;
import static dev.warder.ledger.lease.LeaseDatabase.opening;
import static dev.warder.ledger.lease.LeaseDatabase.request;
import static dev.warder.ledger.lease.LeasesContract.A;
import static dev.warder.ledger.lease.LeasesContract.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.ledger.DatabaseStore;
import dev.warder.ledger.Rows;
import dev.warder.ledger.store.Charged;
import dev.warder.ledger.store.Intent;
import dev.warder.ledger.store.PeriodKey;
import dev.warder.usage.UsageRow;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How rows of the ledger are stored with their charges, and count when a period gets its row, in every database. */
interface ChargedRowsContract {
    /** An empty database, the same for each call of one test. */
    DataSource database();

    private LeaseDatabase here() {
        return new LeaseDatabase(database());
    }

    @AfterEach
    default void allSumsAgree() throws Exception {
        here().check();
    }

    @Test
    default void chargesTheRowsThatItStores() throws Exception {
        here().reserve(A, request(MONTH, 100, 100));
        var free = LedgerRows.row("build", "sent", Rows.NOON, 0, true);
        var own = LedgerRows.row("build", "sent", Rows.NOON, 1000, false);
        LedgerRows.store(database(), "a")
                .store(List.of(
                        LedgerRows.charged(A, List.of(MONTH, OTHER, MONTH), LedgerRows.row(40), free),
                        Rows.settled(own),
                        Rows.settled(LedgerRows.row(500))));
        assertThat(here().period(MONTH).spent()).isEqualTo(40);
        assertThat(here().period(MONTH).leased()).isEqualTo(60);
        assertThat(here().period(OTHER).spent()).isEqualTo(40);
        assertThat(here().number("SELECT COUNT(*) FROM warder_ledger")).isEqualTo(4);
    }

    @Test
    default void chargesRowsOnceHoweverOftenTheyAreStored() throws Exception {
        var first = LedgerRows.charged(A, List.of(MONTH), LedgerRows.row(40));
        var second = LedgerRows.charged(A, List.of(MONTH), LedgerRows.row(2));
        var store = LedgerRows.store(database(), "a");
        store.store(List.of(first, first));
        store.store(List.of(second));
        store.store(List.of(first, second));
        LedgerRows.store(database(), "b").store(List.of(second, first));
        assertThat(here().period(MONTH).spent()).isEqualTo(42);
    }

    /** An earlier run that could not read the rest of its journal has made a row of an intent. */
    @Test
    default void chargesARowThatReplacesOneWithoutAnOutcome() throws Exception {
        var store = LedgerRows.store(database(), "a");
        var intent = Rows.intent();
        store.store(List.of(intent.unknown(Rows.NOON).withoutIntent()));
        var settled = Intent.Settled.withIdOfIntent(
                intent.id(), List.of(LedgerRows.row(40)), Optional.of(new Charged(A, List.of(MONTH))));
        store.store(List.of(settled));
        store.store(List.of(settled));
        assertThat(here().period(MONTH).spent()).isEqualTo(40);
    }

    @Test
    default void chargesNothingOfATransactionThatFails() throws Exception {
        here().reserve(A, request(MONTH, 100, 100));
        var lost = new LostReplies(database());
        var store = LedgerRows.store(lost.source(), "a");
        store.deleteRows(START);
        var settled = List.of(LedgerRows.charged(A, List.of(MONTH), LedgerRows.row(40)));
        lost.failBeforeCommits(1);
        assertThatThrownBy(() -> store.store(settled)).isInstanceOf(SQLException.class);
        assertThat(here().period(MONTH).spent()).isZero();
        lost.failAfterCommits(1);
        assertThatThrownBy(() -> store.store(settled)).isInstanceOf(SQLException.class);
        assertThat(here().period(MONTH).spent()).isEqualTo(40);
        store.store(settled);
        assertThat(here().period(MONTH).spent()).isEqualTo(40);
        assertThat(here().period(MONTH).leased()).isEqualTo(60);
    }

    @Test
    default void changesNothingWhenAReservationIsRepeatedAfterItsReplyWasLost() throws Exception {
        var lost = new LostReplies(database());
        var leases = new DatabaseLeases(lost.source());
        leases.liveNodes();
        lost.failAfterCommits(1);
        assertThatThrownBy(() -> leases.reserve(A, List.of(request(MONTH, 100, 150))))
                .isInstanceOf(SQLException.class);
        assertThat(leases.reserve(A, List.of(request(MONTH, 100, 150)))
                        .get(0)
                        .all()
                        .reserved())
                .isEqualTo(150);
        lost.failAfterCommits(1);
        assertThatThrownBy(() -> leases.reap(A)).isInstanceOf(SQLException.class);
        leases.reap(A);
        assertThat(here().period(MONTH).unknown()).isEqualTo(150);
        leases.reserve(B, List.of(request(MONTH, 100, 150)));
        lost.failAfterCommits(1);
        assertThatThrownBy(() -> leases.end(B)).isInstanceOf(SQLException.class);
        leases.end(B);
        assertThat(here().period(MONTH).leased()).isZero();
    }

    private void storeSome() throws SQLException {
        LedgerRows.store(database(), "a")
                .store(List.of(
                        Rows.settled(LedgerRows.row("build", "claude-x", START, 100, true)),
                        Rows.settled(LedgerRows.row("editor", "claude-y", END.minusMillis(1), 20, true)),
                        Rows.settled(LedgerRows.row("editor", "claude-y", Rows.NOON, 3, true)),
                        Rows.settled(LedgerRows.row("build", "claude-x", Rows.NOON, 5000, false)),
                        Rows.settled(LedgerRows.row("build", "claude-x", END, 6000, true)),
                        Rows.settled(LedgerRows.row("build", "claude-x", START.minusMillis(1), 7000, true))));
    }

    @Test
    default void countsWhatWasSpentBeforeThePeriodHadItsRow() throws Exception {
        storeSome();
        assertThat(spent("all/month", Opening.ALL)).isEqualTo(123);
        assertThat(spent("client/month", Opening.ofClients(Set.of("editor", "unused"))))
                .isEqualTo(23);
        assertThat(spent("models/month", Opening.ofModels(model -> model.endsWith("x"))))
                .isEqualTo(100);
        assertThat(spent("session/month", Opening.NONE)).isZero();
        assertThat(here().number("SELECT COUNT(*) FROM warder_budget_adjustment WHERE reason = 'opening'"))
                .isEqualTo(3);
    }

    private long spent(String budget, Opening opening) throws Exception {
        var asked = opening(request(new PeriodKey(budget, START), 1, 1), opening);
        here().reserve(A, asked);
        return here().reserve(B, asked).all().spent();
    }

    /** Rows that are stored with a charge before the first reservation make the period's row. */
    @Test
    default void countsNoRowTwiceThatIsChargedAlready() throws Exception {
        storeSome();
        var store = LedgerRows.store(database(), "a");
        store.store(List.of(LedgerRows.charged(A, List.of(MONTH), LedgerRows.row(40))));
        assertThat(here().period(MONTH).spent()).isEqualTo(40);
        assertThat(here().reserve(A, opening(request(MONTH, 0, 0), Opening.ALL))
                        .all()
                        .spent())
                .isEqualTo(163);
        store.store(List.of(LedgerRows.charged(A, List.of(MONTH), LedgerRows.row(2))));
        assertThat(here().reserve(A, opening(request(MONTH, 0, 0), Opening.ALL))
                        .all()
                        .spent())
                .isEqualTo(165);
    }

    @Test
    default void countsNoLessThanWhatIsCharged() throws Exception {
        LedgerRows.store(database(), "a").store(List.of(LedgerRows.charged(A, List.of(MONTH), LedgerRows.row(40))));
        var none = Opening.ofClients(Set.of("another"));
        assertThat(here().reserve(A, opening(request(MONTH, 0, 0), none)).all().spent())
                .isEqualTo(40);
    }

    @Test
    default void keepsTheSumOfChargesThatAreDeleted() throws Exception {
        var store = LedgerRows.store(database(), "a");
        var old = List.of(
                LedgerRows.charged(A, List.of(MONTH, OTHER), LedgerRows.row(40)),
                LedgerRows.charged(A, List.of(MONTH), LedgerRows.row(2)));
        here().reserve(A, request(MONTH, 100, 100));
        store.store(old);
        assertThat(store.deleteBudgets(Rows.NOON)).isZero();
        assertThat(store.deleteBudgets(Rows.NOON.plusMillis(1))).isEqualTo(3);
        assertThat(here().number("SELECT COUNT(*) FROM warder_charge")).isZero();
        assertThat(here().period(MONTH).spent()).isEqualTo(42);
        here().check();
        store.store(List.of(LedgerRows.charged(A, List.of(MONTH), LedgerRows.row(3))));
        store.deleteBudgets(Rows.NOON.plusMillis(1));
        assertThat(here().number("SELECT nanos FROM warder_budget_adjustment WHERE budget = '" + MONTH.budget()
                        + "' AND reason = 'deleted'"))
                .isEqualTo(45);
    }

    @Test
    default void deletesPeriodsThatEndedLongAgo() throws Exception {
        var forever = new PeriodKey("organization/lifetime", Instant.EPOCH);
        var store = LedgerRows.store(database(), "a");
        here().leases()
                .reserve(
                        A,
                        List.of(request(MONTH, 0, 0), opening(request(OTHER, 50, 50), Opening.ALL), endless(forever)));
        store.store(List.of(LedgerRows.charged(
                A, List.of(MONTH, forever, new PeriodKey("unopened/month", START)), LedgerRows.row(40))));
        store.deleteBudgets(END.plusMillis(1));
        assertThat(here().number("SELECT COUNT(*) FROM warder_budget_period"))
                .as("what is leased, and what never ends")
                .isEqualTo(2);
        assertThat(here().period(forever).spent()).isEqualTo(40);
        here().leases().end(A);
        store.deleteBudgets(END);
        assertThat(here().number("SELECT COUNT(*) FROM warder_budget_period")).isEqualTo(2);
        store.deleteBudgets(END.plusMillis(1));
        assertThat(here().number("SELECT COUNT(*) FROM warder_budget_period")).isEqualTo(1);
        assertThat(here().number("SELECT COUNT(*) FROM warder_lease"))
                .as("leases of runs that have ended")
                .isZero();
        assertThat(here().number("SELECT COUNT(*) FROM warder_budget_adjustment"))
                .isEqualTo(1);
    }

    /** Their names are the clients' choice, so that there is no end of them. */
    @Test
    default void deletesPeriodsOfSessionsThatHaveNoEndOnceTheirChargesAreOld() throws Exception {
        var session = new PeriodKey("session/ann/a/lifetime", Instant.EPOCH);
        var unknown = new PeriodKey("session/ann/b/lifetime", Instant.EPOCH);
        var store = LedgerRows.store(database(), "a");
        here().leases().reserve(A, List.of(endless(session)));
        here().leases().reserve(B, List.of(request(unknown, 50, 50)));
        here().leases().reap(B);
        store.store(List.of(LedgerRows.charged(A, List.of(session), LedgerRows.row(40))));
        store.deleteBudgets(START);
        assertThat(here().period(session).spent()).isEqualTo(40);
        store.deleteBudgets(Rows.NOON.plusMillis(1));
        assertThat(here().number("SELECT COUNT(*) FROM warder_budget_period")).isEqualTo(1);
        assertThat(here().period(unknown).unknown()).isEqualTo(50);
    }

    private static LeaseRequest endless(PeriodKey key) {
        return new LeaseRequest(
                key, new LeaseRequest.Terms(Optional.empty(), 1000, true, 1), 0, Opening.NONE, 0, 0, Line.NONE);
    }

    /** By the database's clock. */
    @Test
    default void deletesLeasesWithoutMoneyADayAfterTheirPeriod() throws Exception {
        var store = LedgerRows.store(database(), "a");
        var now = Instant.now();
        for (var run : List.of(A, B)) {
            for (var hours : List.of(25, 23)) {
                here().reserve(run, ended("client/" + hours + "/day", now.minus(Duration.ofHours(hours)), 10));
            }
        }
        store.deleteBudgets(START);
        assertThat(here().number("SELECT COUNT(*) FROM warder_lease")).isEqualTo(4);
        here().leases().end(A);
        here().leases().reap(B);
        store.deleteBudgets(START);
        assertThat(here().number("SELECT COUNT(*) FROM warder_lease")).isEqualTo(3);
        here().settle(
                        B,
                        ended("client/25/day", now.minus(Duration.ofHours(25)), 10)
                                .key(),
                        12);
        store.deleteBudgets(START);
        assertThat(here().number("SELECT COUNT(*) FROM warder_lease")).isEqualTo(2);
    }

    private static LeaseRequest ended(String budget, Instant end, long wanted) {
        var key = new PeriodKey(budget, START);
        return new LeaseRequest(
                key, new LeaseRequest.Terms(Optional.of(end), 1000, true, 1), 0, Opening.NONE, 0, wanted, Line.NONE);
    }

    /** A database whose connections fail when a transaction is committed: before it is, or after it was. */
    final class LostReplies {
        private final DataSource real;
        private final AtomicInteger before = new AtomicInteger();
        private final AtomicInteger after = new AtomicInteger();

        LostReplies(DataSource real) {
            this.real = real;
        }

        /** The next commits are not done. */
        void failBeforeCommits(int count) {
            before.set(count);
        }

        /** The next commits are done, and fail nevertheless. */
        void failAfterCommits(int count) {
            after.set(count);
        }

        DataSource source() {
            return (DataSource) Proxy.newProxyInstance(
                    LostReplies.class.getClassLoader(),
                    new Class<?>[] {DataSource.class},
                    (self, method, arguments) -> {
                        var result = method.invoke(real, arguments);
                        return result instanceof Connection connection ? failing(connection) : result;
                    });
        }

        private Connection failing(Connection connection) {
            return (Connection) Proxy.newProxyInstance(
                    LostReplies.class.getClassLoader(),
                    new Class<?>[] {Connection.class},
                    (self, method, arguments) -> {
                        boolean commits = method.getName().equals("commit");
                        if (commits) {
                            fail(before);
                        }
                        try {
                            var result = method.invoke(connection, arguments);
                            if (commits) {
                                fail(after);
                            }
                            return result;
                        } catch (InvocationTargetException failed) {
                            throw failed.getCause();
                        }
                    });
        }

        private static void fail(AtomicInteger left) throws SQLException {
            if (left.getAndUpdate(count -> Math.max(0, count - 1)) > 0) {
                throw new SQLException("the connection is lost", "08006");
            }
        }
    }

    /** Rows of the ledger that cost something, and how they are stored. */
    final class LedgerRows {
        private LedgerRows() {}

        static DatabaseStore store(DataSource source, String run) {
            return new DatabaseStore(source, "node-" + run);
        }

        static UsageRow row(long nanos) {
            return row("build", "sent", Rows.NOON, nanos, true);
        }

        static UsageRow row(String client, String model, Instant admitted, long nanos, boolean billed) {
            var row = Rows.row(Rows.id(), 0, admitted.plusSeconds(2), model);
            var models = new UsageRow.Models(Optional.of("asked"), Optional.of(model), Optional.empty());
            var caller = Rows.caller("req-1", Optional.of(client));
            return Rows.with(row, caller, models, row.consumption(), Rows.cost(nanos, billed));
        }

        /** These rows, charged to periods of a run. */
        static Intent.Settled charged(UUID run, List<PeriodKey> periods, UsageRow... rows) {
            return new Intent.Settled(Optional.empty(), List.of(rows), Optional.of(new Charged(run, periods)));
        }
    }
}
