package dev.warder.ledger.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.ledger.DatabaseStore;
import dev.warder.ledger.Rows;
import dev.warder.ledger.store.LeaseStore.LeaseRequest;
import dev.warder.ledger.store.LeaseStore.Line;
import dev.warder.ledger.store.LeaseStore.Opening;
import dev.warder.testkit.BudgetCheck;
import dev.warder.testkit.Preceded;
import dev.warder.usage.UsageRow;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** How rows of the ledger are stored with their charges, and count when a period gets its row, in every database. */
interface ChargedRowsContract extends LeaseDatabase {
    private DatabaseStore store() {
        return new DatabaseStore(database(), "node-a");
    }

    private static UsageRow row(long nanos) {
        return row("build", "sent", Rows.NOON, nanos, true);
    }

    private static UsageRow row(String client, String model, Instant admitted, long nanos, boolean billed) {
        var row = Rows.row(Rows.id(), 0, admitted.plusSeconds(2), model);
        var models = new UsageRow.Models(Optional.of("asked"), Optional.of(model), Optional.empty());
        var caller = Rows.caller("req-1", Optional.of(client));
        return Rows.with(row, caller, models, row.consumption(), Rows.cost(nanos, billed));
    }

    /** These rows, charged to periods of a run. */
    private static Intent.Settled charged(List<PeriodKey> periods, UsageRow... rows) {
        return Intent.Settled.of(Optional.empty(), List.of(rows), Optional.of(new Charged(A, periods)));
    }

    @Test
    default void chargesTheRowsThatItStores() throws Exception {
        reserve(A, request(MONTH, 100, 100));
        var free = row("build", "sent", Rows.NOON, 0, true);
        var own = row("build", "sent", Rows.NOON, 1000, false);
        store().store(List.of(
                charged(List.of(MONTH, OTHER, MONTH), row(40), free), Rows.settled(own), Rows.settled(row(500))));
        assertThat(amounts(MONTH)).containsExactly(40L, 0L, 0L, 60L);
        assertThat(period(OTHER).spent()).isEqualTo(40);
        assertThat(count("warder_ledger")).isEqualTo(4);
    }

    @Test
    default void chargesRowsOnceHoweverOftenTheyAreStored() throws Exception {
        var first = charged(List.of(MONTH), row(40));
        var second = charged(List.of(MONTH), row(2));
        var store = store();
        store.store(List.of(first, first));
        store.store(List.of(second));
        store.store(List.of(first, second));
        new DatabaseStore(database(), "node-b").store(List.of(second, first));
        assertThat(period(MONTH).spent()).isEqualTo(42);
    }

    /** An earlier run that could not read the rest of its journal has made a row of an intent. */
    @Test
    default void chargesARowThatReplacesOneWithoutAnOutcome() throws Exception {
        var store = store();
        var intent = Rows.intent();
        store.store(List.of(intent.unknown(Rows.NOON).withoutIntent()));
        var settled = Intent.Settled.of(
                Optional.of(intent.id()), List.of(row(40)), Optional.of(new Charged(A, List.of(MONTH))));
        store.store(List.of(settled));
        store.store(List.of(settled));
        assertThat(period(MONTH).spent()).isEqualTo(40);
    }

    @Test
    default void chargesNothingOfATransactionThatFails() throws Exception {
        reserve(A, request(MONTH, 100, 100));
        var lost = new LostReplies();
        var store = new DatabaseStore(lost.source(database()), "node-a");
        store.deleteRows(START);
        var settled = List.of(charged(List.of(MONTH), row(40)));
        lost.before.set(1);
        assertThatThrownBy(() -> store.store(settled)).isInstanceOf(SQLException.class);
        assertThat(period(MONTH).spent()).isZero();
        lost.after.set(1);
        assertThatThrownBy(() -> store.store(settled)).isInstanceOf(SQLException.class);
        assertThat(period(MONTH).spent()).isEqualTo(40);
        store.store(settled);
        assertThat(amounts(MONTH)).containsExactly(40L, 0L, 0L, 60L);
    }

    @Test
    default void changesNothingWhenAReservationIsRepeatedAfterItsReplyWasLost() throws Exception {
        var lost = new LostReplies();
        var leases = new DatabaseLeases(lost.source(database()));
        leases.liveNodes();
        lost.after.set(1);
        assertThatThrownBy(() -> leases.reserve(A, List.of(request(MONTH, 100, 150))))
                .isInstanceOf(SQLException.class);
        leases.reserve(A, List.of(request(MONTH, 100, 150)));
        assertThat(amounts(MONTH)).containsExactly(0L, 0L, 0L, 150L);
        for (int transaction = 1; transaction <= 2; transaction++) {
            lost.after.set(2);
            assertThatThrownBy(() -> leases.reap(A)).isInstanceOf(SQLException.class);
            assertThat(amounts(MONTH)).containsExactly(0L, 0L, 150L, 0L);
        }
        leases.reap(A);
        leases.reserve(B, List.of(request(MONTH, 100, 150)));
        lost.after.set(2);
        assertThatThrownBy(() -> leases.end(B)).isInstanceOf(SQLException.class);
        leases.end(B);
        assertThat(amounts(MONTH)).containsExactly(0L, 0L, 150L, 0L);
    }

    private void storeSome() throws SQLException {
        store().store(List.of(
                Rows.settled(row("build", "claude-x", START, 100, true)),
                Rows.settled(row("editor", "claude-y", END.minusMillis(1), 20, true)),
                Rows.settled(row("editor", "claude-y", Rows.NOON, 3, true)),
                Rows.settled(row("build", "claude-x", Rows.NOON, 5000, false)),
                Rows.settled(row("build", "claude-x", END, 6000, true)),
                Rows.settled(row("build", "claude-x", START.minusMillis(1), 7000, true))));
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
        assertThat(number("SELECT COUNT(*) FROM warder_budget_adjustment WHERE reason = 'opening'"))
                .isEqualTo(3);
    }

    private long spent(String budget, Opening opening) throws Exception {
        var asked = request(new PeriodKey(budget, START), Optional.of(END), opening, 0, 0, Line.NONE);
        reserve(A, asked);
        return reserve(B, asked).all().spent();
    }

    /** Rows that are stored with a charge before the first reservation make the period's row. */
    @Test
    default void countsNoRowTwiceThatIsChargedAlready() throws Exception {
        storeSome();
        store().store(List.of(charged(List.of(MONTH), row(40))));
        assertThat(period(MONTH).spent()).isEqualTo(40);
        assertThat(spent(MONTH.budget(), Opening.ALL)).isEqualTo(163);
        store().store(List.of(charged(List.of(MONTH), row(2))));
        assertThat(spent(MONTH.budget(), Opening.ALL)).isEqualTo(165);
        store().store(List.of(charged(List.of(OTHER), row(40))));
        assertThat(spent(OTHER.budget(), Opening.ofClients(Set.of("another"))))
                .as("no less than what is charged")
                .isEqualTo(40);
    }

    @Test
    default void keepsTheSumOfChargesThatAreDeleted() throws Exception {
        reserve(A, request(MONTH, 100, 100));
        store().store(List.of(charged(List.of(MONTH, OTHER), row(40)), charged(List.of(MONTH), row(2))));
        assertThat(store().deleteBudgets(Rows.NOON)).isZero();
        assertThat(store().deleteBudgets(Rows.NOON.plusMillis(1))).isEqualTo(3);
        assertThat(count("warder_charge")).isZero();
        assertThat(period(MONTH).spent()).isEqualTo(42);
        BudgetCheck.agrees(database());
        store().store(List.of(charged(List.of(MONTH), row(3))));
        store().deleteBudgets(Rows.NOON.plusMillis(1));
        assertThat(number("SELECT nanos FROM warder_budget_adjustment WHERE budget = '" + MONTH.budget()
                        + "' AND reason = 'deleted'"))
                .isEqualTo(45);
    }

    @Test
    default void deletesPeriodsThatEndedLongAgo() throws Exception {
        var forever = new PeriodKey("organization/lifetime", Instant.EPOCH);
        leases().reserve(
                        A,
                        List.of(
                                request(MONTH, 0, 0),
                                ended(OTHER, Optional.of(END), 50),
                                ended(forever, Optional.empty(), 0)));
        store().store(List.of(charged(List.of(MONTH, forever, new PeriodKey("unopened/month", START)), row(40))));
        leases().note(MONTH, 80, 1);
        store().deleteBudgets(END.plusMillis(1));
        assertThat(count("warder_budget_period"))
                .as("what is leased, and what never ends")
                .isEqualTo(2);
        assertThat(period(forever).spent()).isEqualTo(40);
        leases().end(A);
        store().deleteBudgets(END);
        assertThat(count("warder_budget_period")).isEqualTo(2);
        store().deleteBudgets(END.plusMillis(1));
        assertThat(count("warder_budget_period")).isEqualTo(1);
        assertThat(count("warder_lease")).as("leases of runs that have ended").isZero();
        assertThat(count("warder_budget_adjustment")).isEqualTo(1);
    }

    /** Their names are the clients' choice, so that there is no end of them. */
    @Test
    default void deletesPeriodsOfSessionsThatHaveNoEndOnceTheirChargesAreOld() throws Exception {
        var session = new PeriodKey("session/ann/a/lifetime", Instant.EPOCH);
        var unknown = new PeriodKey("session/ann/b/lifetime", Instant.EPOCH);
        reserve(A, ended(session, Optional.empty(), 0));
        reserve(B, request(unknown, 50, 50));
        leases().reap(B);
        store().store(List.of(charged(List.of(session), row(40))));
        store().deleteBudgets(START);
        assertThat(period(session).spent()).isEqualTo(40);
        store().deleteBudgets(Rows.NOON.plusMillis(1));
        assertThat(count("warder_budget_period")).isEqualTo(1);
        assertThat(period(unknown).unknown()).isEqualTo(50);
    }

    /** By the database's clock. */
    @Test
    default void deletesLeasesWithoutMoneyADayAfterTheirPeriod() throws Exception {
        var now = Instant.now();
        var old = new PeriodKey("client/25/day", START);
        for (var run : List.of(A, B)) {
            reserve(run, ended(old, Optional.of(now.minus(Duration.ofHours(25))), 10));
            reserve(run, ended(OTHER, Optional.of(now.minus(Duration.ofHours(23))), 10));
        }
        store().deleteBudgets(START);
        assertThat(count("warder_lease")).isEqualTo(4);
        leases().end(A);
        leases().reap(B);
        store().deleteBudgets(START);
        assertThat(count("warder_lease")).isEqualTo(3);
        settle(B, old, 12);
        store().deleteBudgets(START);
        assertThat(count("warder_lease")).isEqualTo(2);
    }

    private LeaseRequest ended(PeriodKey key, Optional<Instant> end, long wanted) {
        return request(key, end, Opening.NONE, 0, wanted, Line.NONE);
    }

    /** Connections of which a commit fails, the first, second or later one from now: before it is done, or after that. */
    final class LostReplies {
        private final AtomicInteger before = new AtomicInteger();
        private final AtomicInteger after = new AtomicInteger();

        DataSource source(DataSource real) {
            return LeaseDatabase.source(() -> {
                var connection = real.getConnection();
                return Preceded.by(method -> fail(method, connection), Connection.class, connection);
            });
        }

        private void fail(String method, Connection connection) throws SQLException {
            if (method.equals("commit")) {
                boolean isLost = after.getAndDecrement() == 1;
                if (isLost) {
                    connection.commit();
                }
                if (isLost || before.getAndDecrement() == 1) {
                    throw new SQLException("the connection is lost", "08006");
                }
            }
        }
    }
}
