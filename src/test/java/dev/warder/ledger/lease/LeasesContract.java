package dev.warder.ledger.lease;

import static dev.warder.ledger.lease.LeaseDatabase.CAP;
import static dev.warder.ledger.lease.LeaseDatabase.EDGE;
import static dev.warder.ledger.lease.LeaseDatabase.MONTH;
import static dev.warder.ledger.lease.LeaseDatabase.OTHER;
import static dev.warder.ledger.lease.LeaseDatabase.request;
import static dev.warder.ledger.lease.LeaseDatabase.under;
import static dev.warder.ledger.lease.LeaseDatabase.waiting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.ledger.store.PeriodKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What runs reserve in a database, of each supported kind. */
interface LeasesContract {
    UUID A = new UUID(1, 1);
    UUID B = new UUID(2, 2);
    UUID C = new UUID(3, 3);

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
    default void grantsNoMoreThanTheCapToAllRuns() throws Exception {
        assertThat(here().granted(A, request(MONTH, 600, 600))).isEqualTo(600);
        assertThat(here().granted(B, request(MONTH, 600, 600))).isEqualTo(400);
        assertThat(here().granted(C, request(MONTH, 1, 1))).isZero();
        assertThat(here().granted(A, request(MONTH, 601, 700))).isEqualTo(600);
        assertThat(here().mostOutOfCap()).isZero();
    }

    @Test
    default void keepsTheEdgeForRunningRequests() throws Exception {
        assertThat(here().granted(A, request(MONTH, 0, 5000))).isEqualTo(CAP - EDGE);
        assertThat(here().granted(B, request(MONTH, 0, 5000))).isZero();
        assertThat(here().granted(B, request(MONTH, 15, 5000))).isEqualTo(15);
        assertThat(here().granted(A, request(MONTH, CAP, 5000))).isEqualTo(CAP - 15);
    }

    @Test
    default void changesNothingWhenAReservationIsRepeated() throws Exception {
        var first = here().reserve(A, waiting(MONTH, 30, 2000));
        assertThat(here().reserve(A, waiting(MONTH, 30, 2000))).isEqualTo(first);
        assertThat(here().reserve(A, request(MONTH, 30, 40)).granted()).isEqualTo(40);
        assertThat(here().reserve(A, request(MONTH, 30, 40)).all().reserved()).isEqualTo(40);
    }

    @Test
    default void takesBackWhatARunDoesNotNeedButNotWhatItHasSpent() throws Exception {
        here().granted(A, request(MONTH, 0, 500));
        here().settle(A, MONTH, 100);
        assertThat(here().granted(A, request(MONTH, 0, 50))).isEqualTo(100);
        var period = here().period(MONTH);
        assertThat(period.spent()).isEqualTo(100);
        assertThat(period.leased()).isZero();
        assertThat(here().granted(B, request(MONTH, 900, 900))).isEqualTo(900);
    }

    @Test
    default void reportsTheStateOfThePeriodToAllRuns() throws Exception {
        here().granted(A, request(MONTH, 500, 500));
        here().settle(A, MONTH, 510);
        assertThat(here().reserve(B, request(MONTH, 40, 40)))
                .isEqualTo(new LeaseState(MONTH, 40, 0, new Amounts(CAP, 510, 0, 40, 0), false));
        assertThat(here().reserve(A, request(MONTH, 510, 510)))
                .isEqualTo(new LeaseState(MONTH, 510, 510, new Amounts(CAP, 510, 0, 40, 0), false));
    }

    @Test
    default void grantsToTheRunThatWaitsLongestBeforeOthers() throws Exception {
        here().granted(A, request(MONTH, 0, 900));
        assertThat(here().granted(B, waiting(MONTH, 0, 500))).isEqualTo(80);
        assertThat(here().granted(C, waiting(MONTH, 0, 500))).isZero();
        assertThat(here().reserve(A, request(MONTH, 0, 400)).othersWait()).isTrue();
        // C waits for a shorter time, and A does not wait: they get what running requests need, and no more.
        assertThat(here().granted(C, waiting(MONTH, 100, 500))).isEqualTo(100);
        assertThat(here().granted(A, request(MONTH, 410, 900))).isEqualTo(410);
        assertThat(here().granted(B, waiting(MONTH, 0, 400))).isEqualTo(400);
        assertThat(here().granted(C, waiting(MONTH, 100, 500))).isEqualTo(CAP - EDGE - 410 - 400);
        assertThat(here().reserve(B, request(MONTH, 0, 400)).othersWait()).isTrue();
        here().reserve(C, request(MONTH, 0, 100));
        assertThat(here().reserve(A, request(MONTH, 0, 400)).othersWait()).isFalse();
    }

    /** By the time since which its oldest request waits, not by the time of its last reservation. */
    @Test
    default void keepsThePlaceOfARunThatGoesOnWaiting() throws Exception {
        here().granted(A, request(MONTH, 0, 980));
        here().reserve(B, waiting(MONTH, 0, 100));
        here().reserve(C, waiting(MONTH, 0, 100));
        here().reserve(B, waiting(MONTH, 0, 120, 60_000));
        here().reserve(A, request(MONTH, 0, 860));
        assertThat(here().granted(C, waiting(MONTH, 0, 100))).isZero();
        assertThat(here().granted(B, waiting(MONTH, 0, 120))).isEqualTo(120);
    }

    /** It stays in the line, for as much as its requests wait for. */
    @Test
    default void collectsForTheLongestWaitWhatOthersThatWaitGiveBack() throws Exception {
        here().granted(A, request(MONTH, 0, 400));
        here().granted(B, request(MONTH, 0, 400));
        assertThat(here().granted(A, waiting(MONTH, 0, 700, 9_000))).isEqualTo(580);
        assertThat(here().reserve(B, waiting(MONTH, 0, 500, 5_000)).othersWait())
                .isTrue();
        var givesBack = new LeaseRequest(
                MONTH,
                new LeaseRequest.Terms(Optional.of(LeaseDatabase.END), CAP, true, 1),
                EDGE,
                Opening.NONE,
                0,
                0,
                new Line(500, 5_000));
        assertThat(here().granted(B, givesBack)).isZero();
        assertThat(here().granted(A, waiting(MONTH, 0, 700, 9_000))).isEqualTo(700);
        assertThat(here().granted(C, waiting(MONTH, 0, 100, 1_000))).isZero();
        assertThat(here().granted(B, waiting(MONTH, 0, 280, 5_000))).isEqualTo(280);
    }

    @Test
    default void collectsForRunningRequestsBeforeThoseThatWait() throws Exception {
        here().granted(A, request(MONTH, 0, 500));
        here().granted(B, waiting(MONTH, 0, 900, 50_000));
        assertThat(here().granted(A, request(MONTH, 600, 600))).isEqualTo(520);
        assertThat(here().reserve(B, waiting(MONTH, 0, 900, 50_000)).othersWait())
                .isTrue();
        assertThat(here().granted(C, waiting(MONTH, 0, 10, 55_000))).isZero();
    }

    @Test
    default void letsNoRunThatWasKilledKeepOthersWaiting() throws Exception {
        here().granted(A, request(MONTH, 0, 900));
        here().leases().beat(B, "b");
        here().reserve(B, waiting(MONTH, 0, 500));
        here().execute("UPDATE warder_budget_node SET seen_at = CURRENT_TIMESTAMP - INTERVAL '11' SECOND");
        here().reserve(A, request(MONTH, 0, 400));
        assertThat(here().reserve(C, request(MONTH, 0, 100)).granted()).isEqualTo(100);
        here().leases().beat(B, "b");
        assertThat(here().reserve(C, request(MONTH, 0, 200)).granted()).isEqualTo(100);
    }

    @Test
    default void followsTheHighestVersionOfThePolicy() throws Exception {
        here().granted(A, request(MONTH, 0, 900));
        var lowered = here().reserve(B, under(request(MONTH, 10, 10), 3, 500, true));
        assertThat(lowered.all().amount()).isEqualTo(500);
        assertThat(lowered.granted()).isZero();
        var older = here().reserve(A, under(request(MONTH, 950, 950), 2, 5000, true));
        assertThat(older.all().amount()).isEqualTo(500);
        assertThat(older.granted()).isEqualTo(900);
        assertThat(here().reserve(B, under(request(MONTH, 150, 150), 3, 1000, true))
                        .granted())
                .isEqualTo(100);
        here().reserve(B, under(request(MONTH, 100, 100), 4, 0, true));
        assertThat(here().period(MONTH).terms().cap()).isZero();
    }

    @Test
    default void reservesNothingOfABudgetThatIsNotEnforced() throws Exception {
        var warns = under(request(MONTH, 600, 700), 1, 100, false);
        assertThat(here().reserve(A, warns))
                .isEqualTo(new LeaseState(MONTH, 0, 0, new Amounts(100, 0, 0, 0, 0), false));
        here().settle(A, MONTH, 150);
        assertThat(here().reserve(A, warns))
                .isEqualTo(new LeaseState(MONTH, 0, 0, new Amounts(100, 150, 0, 0, 0), false));
        assertThat(here().number("SELECT COUNT(*) FROM warder_lease")).isZero();
        assertThat(here().granted(A, under(request(MONTH, 10, 10), 2, 200, true)))
                .isEqualTo(10);
        assertThat(here().granted(A, under(request(MONTH, 10, 10), 3, 200, false)))
                .isZero();
        assertThat(here().period(MONTH).leased()).isZero();
    }

    @Test
    default void reservesManyPeriodsAtOnceInTheOrderOfTheRequests() throws Exception {
        var requests = IntStream.range(0, 50)
                .mapToObj(i -> request(new PeriodKey("client/c" + (49 - i) + "/month", MONTH.start()), i, i + 1))
                .toList();
        var states = here().leases().reserve(A, requests);
        assertThat(states.stream().map(LeaseState::key).toList())
                .isEqualTo(requests.stream().map(LeaseRequest::key).toList());
        assertThat(states.stream().map(LeaseState::granted).toList())
                .isEqualTo(requests.stream().map(LeaseRequest::wanted).toList());
        assertThat(here().leases().reserve(A, requests)).isEqualTo(states);
        assertThat(here().leases().reserve(A, List.of())).isEmpty();
        assertThatThrownBy(() -> here().leases().reserve(A, List.of(requests.get(0), requests.get(0))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** The windows of one budget, and of a budget that never begins again. */
    @Test
    default void keepsTheWindowsOfABudgetApart() throws Exception {
        var next = new PeriodKey(MONTH.budget(), LeaseDatabase.END);
        assertThat(here().granted(A, request(MONTH, 0, 900))).isEqualTo(900);
        assertThat(here().granted(A, request(next, 0, 800))).isEqualTo(800);
        here().settle(A, MONTH, 900);
        assertThat(here().reserve(A, request(next, 0, 800)).all().spent()).isZero();
        assertThat(here().reserve(A, request(MONTH, 0, 900)).all().spent()).isEqualTo(900);
    }

    @Test
    default void takesTheLeasesOfARunThatWasKilled() throws Exception {
        here().leases().beat(A, "node");
        here().leases().reserve(A, List.of(request(MONTH, 300, 300), request(OTHER, 300, 300)));
        here().settle(A, MONTH, 100);
        assertThat(here().leases().reap(A)).isEqualTo(2);
        var period = here().period(MONTH);
        assertThat(List.of(period.spent(), period.unknown(), period.leased())).containsExactly(100L, 200L, 0L);
        assertThat(here().period(OTHER).unknown()).isEqualTo(300);
        assertThat(here().granted(B, request(MONTH, 800, 800))).isEqualTo(700);
        assertThat(here().leases().reap(A)).isZero();
        assertThat(here().leases().beats()).doesNotContainKey(A);
        here().leases().end(A);
        assertThat(here().period(MONTH).unknown()).isEqualTo(200);
    }

    @Test
    default void fencesARunWhoseLeasesWereTaken() throws Exception {
        here().reserve(A, request(MONTH, 300, 300));
        here().leases().reap(A);
        assertThatThrownBy(() -> here().reserve(A, request(MONTH, 300, 300)))
                .isInstanceOf(FencedException.class)
                .hasMessageContaining(A.toString());
        assertThatThrownBy(() -> here().reserve(A, request(OTHER, 1, 1)))
                .as("a budget of which it had no lease")
                .isInstanceOf(FencedException.class);
        assertThat(here().number("SELECT COUNT(*) FROM warder_budget_period")).isEqualTo(1);
        assertThat(here().granted(B, request(OTHER, 1, 1))).isEqualTo(1);
    }

    @Test
    default void takesMoreLeasesThanFitIntoOneTransaction() throws Exception {
        var requests = IntStream.range(0, 401)
                .mapToObj(i -> request(new PeriodKey("client/c" + i + "/month", MONTH.start()), 1, 1))
                .toList();
        here().leases().reserve(A, requests);
        here().leases().reserve(B, requests);
        assertThat(here().leases().reap(A)).isEqualTo(401);
        here().leases().end(B);
        assertThat(here().number("SELECT SUM(leased) FROM warder_budget_period"))
                .isZero();
        assertThat(here().number("SELECT SUM(held_unknown) FROM warder_budget_period"))
                .isEqualTo(401);
    }

    @Test
    default void givesBackTheLeasesOfARunThatEnds() throws Exception {
        here().leases().beat(A, "node");
        here().reserve(A, request(MONTH, 300, 300));
        here().settle(A, MONTH, 100);
        here().leases().end(A);
        assertThat(here().period(MONTH).leased()).isZero();
        assertThat(here().leases().beats()).isEmpty();
        here().settle(A, MONTH, 50);
        assertThat(here().period(MONTH).spent()).isEqualTo(150);
        here().leases().end(A);
        here().reserve(B, waiting(MONTH, 5000, 5000));
        here().leases().end(B);
        assertThat(here().leases().beats()).isEmpty();
        assertThat(here().reserve(C, request(MONTH, 850, 850)).granted()).isEqualTo(850);
    }

    @Test
    default void countsTheBeatsOfAllRuns() throws Exception {
        var leases = here().leases();
        leases.beat(A, "first");
        leases.beat(A, "first");
        leases.beat(B, "second");
        here().reserve(C, request(MONTH, 1, 1));
        assertThat(leases.beats()).isEqualTo(Map.of(A, 2L, B, 1L, C, 0L));
        assertThat(leases.runsOf("first")).containsExactly(A);
        assertThat(leases.runsOf("third")).isEmpty();
        assertThat(leases.liveNodes().count()).isEqualTo(2);
        here().execute("UPDATE warder_budget_node SET seen_at = CURRENT_TIMESTAMP - INTERVAL '61' SECOND"
                + " WHERE node = 'first'");
        assertThat(leases.liveNodes().count()).isEqualTo(1);
        leases.beat(A, "first");
        assertThat(leases.liveNodes().count()).isEqualTo(2);
        leases.end(B);
        assertThat(leases.beats()).isEqualTo(Map.of(A, 3L, C, 0L));
    }

    @Test
    default void reportsTheClockOfTheDatabaseWhileItWasAsked() throws Exception {
        var before = here().now();
        var reported = here().leases().liveNodes().databaseTime();
        assertThat(reported).isBetween(before, here().now());
        assertThat(here().leases().liveNodes().databaseTime()).isAfterOrEqualTo(reported);
    }
}
