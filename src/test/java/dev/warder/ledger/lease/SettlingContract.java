package dev.warder.ledger.lease;

import static dev.warder.ledger.lease.LeaseDatabase.CAP;
import static dev.warder.ledger.lease.LeaseDatabase.MONTH;
import static dev.warder.ledger.lease.LeaseDatabase.OTHER;
import static dev.warder.ledger.lease.LeaseDatabase.request;
import static dev.warder.ledger.lease.LeaseDatabase.under;
import static dev.warder.ledger.lease.LeasesContract.A;
import static dev.warder.ledger.lease.LeasesContract.B;
import static dev.warder.ledger.lease.LeasesContract.C;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.ledger.store.PeriodKey;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How stored rows are charged to periods, in every database. */
interface SettlingContract {
    /** An empty database, the same for each call of one test. */
    DataSource database();

    private LeaseDatabase here() {
        return new LeaseDatabase(database());
    }

    @AfterEach
    default void allSumsAgree() throws Exception {
        here().check();
    }

    /** Spent, overage, unknown and leased of the month. */
    private List<Long> amounts() throws SQLException {
        var period = here().period(MONTH);
        return List.of(period.spent(), period.overage(), period.unknown(), period.leased());
    }

    @Test
    default void movesTheCostFromWhatIsLeasedToWhatIsSpent() throws Exception {
        here().reserve(A, request(MONTH, 300, 300));
        here().settle(A, MONTH, 100);
        assertThat(amounts()).containsExactly(100L, 0L, 0L, 200L);
        assertThat(here().granted(A, request(MONTH, 300, 300))).isEqualTo(300);
    }

    @Test
    default void spendsMoreThanTheLeaseWithinTheCap() throws Exception {
        here().reserve(A, request(MONTH, 300, 300));
        here().reserve(B, request(MONTH, 400, 400));
        here().settle(A, MONTH, 350);
        assertThat(amounts()).containsExactly(350L, 0L, 0L, 400L);
        assertThat(here().granted(A, request(MONTH, 350, 350))).isEqualTo(350);
        here().settle(A, MONTH, 300);
        assertThat(amounts()).containsExactly(600L, 50L, 0L, 400L);
        assertThat(here().mostOutOfCap()).isEqualTo(50);
    }

    /** All above the cap is counted as overage once the cap is spent. */
    @Test
    default void countsAsOverageWhatHasNoRoom() throws Exception {
        here().reserve(A, request(MONTH, CAP, CAP));
        here().settle(A, MONTH, CAP + 7);
        here().settle(A, MONTH, 3);
        here().settle(B, MONTH, 5);
        assertThat(amounts()).containsExactly(CAP, 15L, 0L, 0L);
    }

    @Test
    default void countsAsOverageWhatALowerCapHasNoRoomFor() throws Exception {
        here().reserve(A, request(MONTH, 600, 600));
        here().reserve(B, under(request(MONTH, 0, 0), 2, 100, true));
        here().settle(A, MONTH, 610);
        assertThat(amounts()).containsExactly(600L, 10L, 0L, 0L);
    }

    @Test
    default void spendsWhatCountedAsUnknown() throws Exception {
        here().reserve(A, request(MONTH, 300, 300));
        here().leases().reap(A);
        assertThat(amounts()).containsExactly(0L, 0L, 300L, 0L);
        here().settle(A, MONTH, 100);
        assertThat(amounts()).containsExactly(100L, 0L, 200L, 0L);
        here().settle(A, MONTH, 250);
        assertThat(amounts()).containsExactly(350L, 0L, 0L, 0L);
        here().settle(A, MONTH, CAP);
        assertThat(amounts()).containsExactly(CAP, 350L, 0L, 0L);
    }

    /** As an operator may do who knows what a killed run has spent. */
    @Test
    default void chargesRowsOfARunWhoseUnknownMoneyWasSetFree() throws Exception {
        here().reserve(A, request(MONTH, 300, 300));
        here().leases().reap(A);
        here().execute("UPDATE warder_lease SET held_unknown = 0");
        here().execute("UPDATE warder_budget_period SET held_unknown = 0");
        here().settle(A, MONTH, 100);
        assertThat(amounts()).containsExactly(100L, 0L, 0L, 0L);
    }

    @Test
    default void spendsWithoutALeaseAndWithoutAPeriod() throws Exception {
        here().leases().liveNodes();
        here().settle(A, MONTH, 2000);
        assertThat(amounts()).containsExactly(2000L, 0L, 0L, 0L);
        assertThat(here().period(MONTH).opened()).isFalse();
        assertThat(here().granted(A, request(MONTH, 1, 1))).isZero();
        here().settle(A, MONTH, 1);
        assertThat(amounts()).containsExactly(2000L, 1L, 0L, 0L);
    }

    @Test
    default void spendsWithoutLimitWhereABudgetIsNotEnforced() throws Exception {
        here().reserve(A, under(request(MONTH, 0, 0), 1, 100, false));
        here().settle(A, MONTH, 150);
        assertThat(amounts()).containsExactly(150L, 0L, 0L, 0L);
    }

    @Test
    default void chargesOneRowToSeveralPeriodsAndSeveralRunsAtOnce() throws Exception {
        here().leases().reserve(A, List.of(request(MONTH, 100, 100), request(OTHER, 100, 100)));
        here().leases().reserve(B, List.of(request(OTHER, 100, 100), request(MONTH, 100, 100)));
        here().leases().reap(B);
        var first = UUID.randomUUID();
        var second = UUID.randomUUID();
        here().settle(
                        new Charge(first, 0, A, OTHER, 30),
                        new Charge(first, 0, A, MONTH, 30),
                        new Charge(first, 1, A, MONTH, 1),
                        new Charge(second, 0, B, MONTH, 10),
                        new Charge(second, 0, C, OTHER, 10));
        assertThat(amounts()).containsExactly(41L, 0L, 90L, 69L);
        assertThat(here().period(OTHER).spent()).isEqualTo(40);
        assertThat(here().period(OTHER).leased()).isEqualTo(70);
        assertThat(here().number("SELECT COUNT(*) FROM warder_charge")).isEqualTo(5);
    }

    /** The node has spent 80 of its 100 and stored 50 when it asks, and stores the rest later. */
    @Test
    default void losesNothingWhenRowsAreStoredBetweenReservations() throws Exception {
        assertThat(here().granted(A, request(MONTH, 100, 100))).isEqualTo(100);
        here().settle(A, MONTH, 50);
        assertThat(here().granted(A, request(MONTH, 80, 80))).isEqualTo(80);
        here().settle(A, MONTH, 30);
        assertThat(amounts()).containsExactly(80L, 0L, 0L, 0L);
        assertThat(here().granted(A, request(MONTH, 80, 180))).isEqualTo(180);
        assertThat(amounts()).containsExactly(80L, 0L, 0L, 100L);
    }

    /** What the open requests of a killed run held, of each period. */
    private void giveBack(Map<PeriodKey, Long> held) throws SQLException {
        here().inTransaction(handle -> Settling.giveBack(handle, A, Settling.reservedBy(handle, A), held));
    }

    /** Before or after another node has taken its leases over, and again after a kill of the node that does it. */
    @Test
    default void keepsOfAKilledRunOnlyWhatItsOpenRequestsHeld() throws Exception {
        here().leases().reserve(A, List.of(request(MONTH, 300, 300), request(OTHER, 300, 300)));
        here().reserve(B, request(MONTH, 50, 50));
        here().settle(A, MONTH, 100);
        giveBack(Map.of(MONTH, 30L));
        assertThat(amounts()).containsExactly(100L, 0L, 30L, 50L);
        assertThat(here().period(OTHER).leased()).isZero();
        assertThat(here().period(OTHER).unknown()).isZero();
        here().leases().reap(A);
        giveBack(Map.of(MONTH, 30L));
        assertThat(amounts()).containsExactly(100L, 0L, 30L, 50L);
        assertThatThrownBy(() -> here().reserve(A, request(MONTH, 1, 1))).isInstanceOf(FencedException.class);

        here().reserve(C, request(MONTH, 200, 200));
        here().leases().reap(C);
        assertThat(amounts()).containsExactly(100L, 0L, 230L, 50L);
        here().inTransaction(
                        handle -> Settling.giveBack(handle, C, Settling.reservedBy(handle, C), Map.of(MONTH, 20L)));
        assertThat(amounts()).containsExactly(100L, 0L, 50L, 50L);
    }

    /** A journal of an earlier version may have what a node spent beyond its leases. */
    @Test
    default void keepsNoMoreThanAKilledRunHadReserved() throws Exception {
        here().reserve(A, request(MONTH, 300, 300));
        giveBack(Map.of(MONTH, 500L, OTHER, 500L));
        assertThat(amounts()).containsExactly(0L, 0L, 300L, 0L);
        assertThat(here().number("SELECT COUNT(*) FROM warder_budget_period")).isEqualTo(1);
    }

    @Test
    default void showsWhereTheTablesDiffer() throws Exception {
        here().reserve(A, request(MONTH, 300, 300));
        here().settle(A, MONTH, 100);
        for (var column : List.of("leased", "held_unknown", "spent", "overage")) {
            here().execute("UPDATE warder_budget_period SET " + column + " = " + column + " + 1");
            assertThatThrownBy(here()::check).as(column).isInstanceOf(AssertionError.class);
            here().execute("UPDATE warder_budget_period SET " + column + " = " + column + " - 1");
            here().check();
        }
        for (var table : List.of("warder_charge", "warder_lease")) {
            here().execute("UPDATE " + table + " SET budget = 'organization/day'");
            assertThatThrownBy(here()::check).as(table).isInstanceOf(AssertionError.class);
            here().execute("UPDATE " + table + " SET budget = '" + MONTH.budget() + "'");
            here().check();
        }
    }
}
