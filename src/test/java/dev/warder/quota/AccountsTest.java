package dev.warder.quota;

import static dev.warder.quota.SampleBudgets.lease;
import static dev.warder.quota.SampleBudgets.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.ledger.store.Amounts;
import dev.warder.ledger.store.LeaseStore.LeaseRequest;
import dev.warder.ledger.store.LeaseStore.LeaseState;
import dev.warder.ledger.store.LeaseStore.Opening;
import dev.warder.policy.Budget;
import dev.warder.policy.Period;
import dev.warder.quota.Accounts.HoldRequest;
import dev.warder.quota.BudgetReport.WaitingRequest.Why;
import dev.warder.quota.WaitingLine.Waiter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The budgets of one node, with a database that is simulated by what it responds. */
class AccountsTest {
    private static final Duration WAIT = Duration.ofSeconds(60);
    private static final UUID RUN = new UUID(1, 1);

    private final AtomicLong nanoTime = new AtomicLong(1000);
    private final Accounts accounts = new Accounts(RUN, 10_000, nanoTime::get);
    private final ChargedBudget team = SampleBudgets.of(Budget.Scope.TEAM, "payments", 10_000);

    /** Names of sessions make no accounts for a client that is refused. */
    @Test
    void aSpentBudgetAndADatabaseThatIsAwayRefuseAtOnce() {
        open(0);
        accounts.away();
        assertThat(accounts.admit(request("ann", 50, team))).isInstanceOf(Admission.DatabaseAway.class);
        accounts.reserved(RUN, List.of(lease(team, 0, 9_850)));
        var session = SampleBudgets.of(Budget.Scope.SESSION, "ann/any", 100);

        assertThat(accounts.admit(request("ann", 100, team, session))).isInstanceOf(Admission.Spent.class);
        assertThat(accounts.views()).hasSize(1);
        assertThat(accounts.admit(request("ann", 50, team))).isInstanceOf(Admission.Waits.class);
    }

    @Test
    void theEdgeIsForResponsesThatHaveBegun() {
        open(9_900);
        var hold = held(request("ann", 9_900, team));

        assertThat(accounts.holdInstead(hold, 9_950)).hasSize(1);
        var asked = requests().get(0);
        assertThat(asked.least()).isEqualTo(9_950);
        assertThat(asked.edge()).isEqualTo(100);
        accounts.reserved(RUN, List.of(lease(team, 9_950, 0)));
        assertThat(accounts.holdInstead(hold, 9_950)).isEmpty();

        // What it gives back of the edge is not for new requests.
        accounts.holdInstead(hold, 9_900);
        waits(request("bob", 10, team));
        assertThat(accounts.serve(WAIT)).isEmpty();
    }

    @Test
    void asksForWhatSeveralResponsesLackTogether() {
        open(1000);
        var one = held(request("ann", 500, team));
        var other = held(request("bob", 500, team));
        accounts.holdInstead(one, 550);
        accounts.holdInstead(other, 560);
        accounts.holdInstead(other, 570);

        assertThat(requests().get(0).least()).isEqualTo(1120);
        accounts.settle(other, 400);
        assertThat(requests().get(0).least()).isEqualTo(950);
    }

    @Test
    void theLineKeepsALimitedAmountOfMemory() {
        open(0);
        waits(body("ann", 5_000));
        isFull(body("ann", 1));
        waits(body("bob", 5_000));
        isFull(body("cid", 1));
    }

    /** It may lack nothing but a lease: if it were refused each time, it would never be served. */
    @Test
    void oneLargeBodyOfEachClientWaits() {
        open(0);
        waits(body("ann", 1));
        waits(body("ann", 20_000));
        isFull(body("ann", 1));
        isFull(body("ann", 20_000));
        waits(body("bob", 20_000));
        // Both others count with half of the memory.
        isFull(body("cid", 20_000));
        isFull(body("cid", 1));
    }

    /** It keeps more memory than is meant for waiting. */
    @Test
    void waitsEndAndALargeBodyWaitsNoLongerThanALeaseTakes() {
        open(0);
        var large = waits(body("ann", 5_001));
        var small = waits(body("bob", 5_000));

        endsAfter(Duration.ofSeconds(2), large);
        endsAfter(WAIT.minusSeconds(2), small);
        waits(body("cid", 20_000));
        waits(body("dan", 20_000));
    }

    private void endsAfter(Duration more, Waiter waiter) {
        nanoTime.addAndGet(more.toNanos() - 1);
        assertThat(accounts.serve(WAIT)).isEmpty();
        nanoTime.incrementAndGet();
        assertThat(accounts.serve(WAIT)).hasSize(1).hasEntrySatisfying(waiter, decision -> assertThat(decision)
                .isInstanceOf(Admission.Waited.class));
    }

    /** Its memory counts no more, however it leaves the line. */
    @Test
    void aLargeBodyThatLeavesTheLineMakesRoom() {
        open(0);
        for (int i = 0; i < 3; i++) {
            accounts.withdraw(waits(body("ann", 20_000)));
        }
        waits(body("ann", 20_000));
        reserve(10);
        assertThat(served(1)).hasSize(1);
        waits(body("bob", 20_000));
        waits(body("cid", 20_000));
    }

    private void isFull(HoldRequest request) {
        assertThat(accounts.admit(request)).isInstanceOf(Admission.LineIsFull.class);
    }

    private HoldRequest body(String client, long bytes) {
        return new HoldRequest(client, "", List.of(team), 10, bytes);
    }

    /** What a client holds decides about its turn, and within a client the sessions take turns. */
    @ParameterizedTest
    @CsvSource({"greedy, '', modest, ''", "ann, a, ann, b"})
    void clientsAndTheirSessionsTakeTurns(String client, String session, String other, String its) {
        open(100);
        var hold = held(request("first", 100, team));
        var first = waits(new HoldRequest(client, session, List.of(team), 50, 1));
        lineUp(5, new HoldRequest(client, session, List.of(team), 50, 1));
        var modest = waits(new HoldRequest(other, its, List.of(team), 50, 1));

        assertThat(served(1, hold)).containsExactlyInAnyOrder(first, modest);
    }

    /** As it is near the end of a budget: each request that ends makes room for one that is as small. */
    @Test
    void aClientWithManySmallRequestsDoesNotKeepALargeOneWaiting() {
        open(100);
        var one = held(request("first", 50, team));
        var other = held(request("first", 50, team));
        lineUp(10, request("greedy", 50, team));
        var large = waits(request("modest", 100, team));

        assertThat(served(8, one, other)).contains(large);
    }

    /** The line is served with the lock: if that had no end, the node would admit no further request. */
    @Test
    @Timeout(10)
    void aLargeRequestAfterASmallOneOfTheSameSessionTakesItsTurn() {
        open(1000);
        var running = held(request("first", 1000, team));
        var small = waits(request("ann", 10, team));
        var large = waits(request("ann", 500, team));

        assertThat(served(1, running)).containsExactlyInAnyOrder(small, large);
    }

    @Test
    void aSessionWithoutMoneyDoesNotKeepAnotherOneOfItsClientWaiting() {
        var one = SampleBudgets.of(Budget.Scope.SESSION, "ann/one", 10_000);
        var two = SampleBudgets.of(Budget.Scope.SESSION, "ann/two", 10_000);
        accounts.reserved(RUN, List.of());
        waits(new HoldRequest("ann", "one", List.of(one), 100, 1));
        // It enters the line only because its account is new.
        var other = waits(new HoldRequest("ann", "two", List.of(two), 100, 1));
        reserve(lease(one, 0, 0), lease(two, 100, 0));

        assertThat(served(1)).containsExactly(other);
    }

    @Test
    void aClientWithASessionThatLacksMoneyIsNotServedFirstEachTime() {
        open(50);
        var running = held(request("first", 50, team));
        var own = SampleBudgets.of(Budget.Scope.SESSION, "ann/poor", 10_000);
        waits(new HoldRequest("ann", "poor", List.of(own, team), 50, 1));
        lineUp(4, new HoldRequest("ann", "rich", List.of(team), 50, 1));
        var other = waits(request("bob", 50, team));

        assertThat(served(3, running)).hasSize(3).contains(other);
    }

    /** The other sessions of its client are served meanwhile. */
    @Test
    void aSessionThatIsPassedOverIsNotOvertakenEachTime() {
        var model = SampleBudgets.of(Budget.Scope.MODEL, "opus", 10_000);
        open(50);
        accounts.withdraw(waits(request("first", 1, model)));
        reserve(lease(model, 50, 0));
        var ofModel = held(request("first", 50, model));
        var ofTeam = held(request("first", 50, team));
        lineUp(4, new HoldRequest("bob", "", List.of(model), 50, 1));
        var passed = waits(new HoldRequest("ann", "one", List.of(model), 50, 1));
        lineUp(4, new HoldRequest("ann", "two", List.of(team), 50, 1));

        assertThat(served(6, ofModel, ofTeam)).contains(passed);
    }

    /** Those that are served one time after the other, before each of which the request ends that has run longest. */
    private List<Waiter> served(int times, Hold... running) {
        var runs = new ArrayDeque<>(List.of(running));
        var order = new ArrayList<Waiter>();
        for (int i = 0; i < times; i++) {
            if (!runs.isEmpty()) {
                accounts.settle(runs.remove(), 0);
            }
            accounts.serve(WAIT).forEach((waiter, admission) -> {
                order.add(waiter);
                runs.add(((Admission.Held) admission).hold());
            });
        }
        return order;
    }

    /** An operator may do this to help them. */
    @Test
    void aBudgetThatEnforcesNoLongerLimitsNoOpenRequest() {
        open(200);
        var running = held(request("ann", 100, team));
        var waiting = waits(request("bob", 500, team));
        var terms = SampleBudgets.terms(10_000, Period.DAY, Budget.Mode.WARN);
        var relaxed = SampleBudgets.of(Budget.Scope.TEAM, "payments", terms, 2);
        accounts.settle(held(request("cid", 1, relaxed)), 1);
        reserve(0);

        assertThat(accounts.holdInstead(running, 900)).isEmpty();
        assertThat(accounts.serve(WAIT).get(waiting)).isInstanceOf(Admission.Held.class);
    }

    /** Otherwise it would collect money of the team that it cannot use until its own is free. */
    @ParameterizedTest
    @ValueSource(longs = {100, 600})
    void whoLacksMoneyOfItsOwnDoesNotBlockItsTeam(long needed) {
        var own = SampleBudgets.of(Budget.Scope.CLIENT, "ann", 5_000);
        open(500);
        var waiting = waits(request("ann", needed, team, own));
        reserve(lease(team, 500, 0), lease(own, 50, 0));
        assertThat(requests()).anySatisfy(asked -> {
            assertThat(asked.key()).isEqualTo(team.key());
            assertThat(asked.line().nanos())
                    .as("other nodes keep what they have of the team")
                    .isZero();
        });

        var hold = held(request("bob", 100, team));
        assertThat(accounts.serve(WAIT)).isEmpty();
        held(request("bob", 100, team));

        // Once its own is free, no request overtakes it.
        accounts.reserved(RUN, List.of(lease(own, 700, 0)));
        if (needed > 300) {
            assertThat(accounts.serve(WAIT)).isEmpty();
            accounts.settle(hold, 0);
            waits(request("bob", 100, team));
            accounts.reserved(RUN, List.of(lease(team, 700, 0)));
        }
        assertThat(accounts.serve(WAIT)).containsOnlyKeys(waiting);
    }

    @Test
    void whatOthersWaitForIsGivenBack() {
        open(1000);
        held(request("ann", 100, team));
        accounts.reserved(RUN, List.of(new LeaseState(team.key(), 1000, 0, new Amounts(10_000, 0, 0, 1000, 0), true)));

        assertThat(requests().get(0).wanted()).isEqualTo(100);
        // Before the database knows it.
        waits(request("bob", 100, team));
    }

    /** What all nodes have of the budget, and the part of this one, whose requests hold 100. */
    private boolean isUrgent(long granted, long drawn, long spent, long leased) {
        accounts.reserved(
                RUN,
                List.of(new LeaseState(team.key(), granted, drawn, new Amounts(10_000, spent, 0, leased, 0), false)));
        return accounts.isUrgent();
    }

    /** Running requests there may need it before they are known to wait. */
    @Test
    void theLastThatOtherNodesSpendTooIsGivenBackAtOnce() {
        open(1000);
        held(request("ann", 100, team));
        assertThat(isUrgent(1000, 0, 7000, 2850)).isTrue();
        assertThat(requests().get(0).wanted()).isEqualTo(100);

        assertThat(isUrgent(100, 0, 7900, 1950))
                .as("nothing is left to be given back")
                .isFalse();
        assertThat(requests().get(0).wanted()).isEqualTo(100);

        assertThat(isUrgent(100, 0, 7000, 2795)).isFalse();
        assertThat(requests().get(0).wanted())
                .as("what does not make it the last")
                .isEqualTo(102);

        assertThat(isUrgent(1000, 0, 8850, 1000)).as("no other node spends it").isFalse();
        assertThat(requests().get(0).wanted()).isGreaterThan(100);
    }

    /** The budget was not used for a while and is not enforced any more: the node does not know what it had charged. */
    @Test
    void whatStoredRowsHaveCostIsNotGivenBack() {
        open(500);
        accounts.settle(held(request("ann", 100, team)), 60);
        nanoTime.addAndGet(Duration.ofSeconds(61).toNanos());
        requests();
        isUrgent(60, 60, 60, 0);
        assertThat(accounts.views()).isEmpty();

        held(request("ann", 100, SampleBudgets.of(Budget.Scope.TEAM, "payments", 10_000, Budget.Mode.WARN)));
        requests();
        assertThat(isUrgent(60, 60, 9990, 0)).isFalse();
        assertThat(accounts.givesBack()).isFalse();
    }

    @Test
    void asksAgainForWhatAResponseLacks() {
        open(1000);
        var hold = held(request("ann", 1000, team));
        accounts.holdInstead(hold, 1100);
        requests();
        assertThat(isUrgent(1000, 0, 8000, 2000))
                .as("another node may have given it back")
                .isTrue();
        accounts.settle(hold, 900);
        assertThat(isUrgent(1000, 0, 8000, 1000)).isFalse();
    }

    @Test
    void aClientHasALimitedNumberOfSessions() {
        accounts.reserved(RUN, List.of());
        for (int i = 0; i < 1000; i++) {
            held(request("ann", 1, SampleBudgets.of(Budget.Scope.SESSION, "ann/" + i, 100, Budget.Mode.WARN)));
        }
        var known = SampleBudgets.of(Budget.Scope.SESSION, "ann/7", 100, Budget.Mode.WARN);
        var hourly = SampleBudgets.of(
                Budget.Scope.SESSION, "ann/7", SampleBudgets.terms(100, Period.HOUR, Budget.Mode.ENFORCE), 1);

        assertThat(accounts.admit(request("ann", 1, SampleBudgets.of(Budget.Scope.SESSION, "ann/more", 100))))
                .isInstanceOf(Admission.TooManySessions.class);
        waits(request("ann", 1, known, hourly));
        held(request("bob", 1, SampleBudgets.of(Budget.Scope.SESSION, "bob/1", 100, Budget.Mode.WARN)));
        int before = accounts.views().size();
        var more = SampleBudgets.of(Budget.Scope.SESSION, "ann/more", 100, Budget.Mode.WARN);
        assertThat(held(request("ann", 1, more)).charged().periods())
                .as("it counts what it can")
                .isEmpty();
        assertThat(accounts.views()).hasSize(before);
    }

    @Test
    void aBudgetThatIsNotUsedAnyMoreIsForgottenWithAllThatTheDatabaseHas() {
        open(500);
        accounts.settle(held(request("ann", 100, team)), 60);
        nanoTime.addAndGet(Duration.ofSeconds(61).toNanos());

        assertThat(requests().get(0).wanted()).isEqualTo(60);
        isUrgent(60, 0, 0, 60);
        assertThat(accounts.views()).as("the charge is not stored yet").hasSize(1);
        isUrgent(60, 60, 60, 0);
        assertThat(accounts.views()).isEmpty();

        // It begins again with what it had charged.
        waits(request("ann", 100, team));
        assertThat(requests().get(0).wanted()).isZero();
        isUrgent(60, 60, 60, 0);
        assertThat(requests().get(0).least()).isEqualTo(60);
        assertThat(requests().get(0).wanted()).isGreaterThanOrEqualTo(160);
    }

    @Test
    void aNodeThatWasThoughtDeadBeginsAnew() {
        open(500);
        var before = held(request("ann", 100, team));
        var run = UUID.randomUUID();

        accounts.begin(run);

        assertThat(accounts.views()).isEmpty();
        assertThat(accounts.holdInstead(before, 400)).as("of its old lease").isEmpty();
        accounts.settle(before, 100);
        var waiter = waits(request("ann", 100, team));
        assertThat(((Hold) waiter.claim).charged().run()).isEqualTo(run);
        assertThat(before.charged().run()).isNotEqualTo(run);
    }

    @Test
    void namesWhatARequestWaitsFor() {
        open(0);
        waits(request("ann", 300, team));
        assertThat(why(new LeaseState(team.key(), 100, 0, new Amounts(10_000, 0, 0, 100, 0), true)))
                .isEqualTo(Why.OTHER_NODES);
        assertThat(why(lease(team, 100, 0))).isEqualTo(Why.RUNNING);
        assertThat(why(lease(team, 300, 0))).isEqualTo(Why.EARLIER);
        waits(request("bob", 300, SampleBudgets.of(Budget.Scope.CLIENT, "bob", 10_000)));
        assertThat(accounts.waiting(2).get(1).why()).isEqualTo(Why.ASKING);
    }

    private Why why(LeaseState state) {
        accounts.reserved(RUN, List.of(state));
        return accounts.waiting(1).get(0).why();
    }

    @Test
    void showsThoseThatHaveWaitedLongestAndNoMoreThanAreAskedFor() {
        accounts.reserved(RUN, List.of());
        for (int i = 0; i < 500; i++) {
            nanoTime.incrementAndGet();
            waits(request("client" + i % 7, 300, team));
        }
        assertThat(accounts.waiting(50)).hasSize(50).isSortedAccordingTo((one, other) -> other.waited()
                .compareTo(one.waited()));
        assertThat(accounts.waiting(50).get(0).client()).isEqualTo("client0");
        assertThat(accounts.waiting()).isEqualTo(500);
    }

    private void open(long granted) {
        accounts.reserved(RUN, List.of());
        var first = waits(request("first", 1, team));
        reserve(granted);
        accounts.withdraw(first);
    }

    private void reserve(long granted) {
        reserve(lease(team, granted, 0));
    }

    private void reserve(LeaseState... states) {
        requests();
        accounts.reserved(RUN, List.of(states));
    }

    private List<LeaseRequest> requests() {
        var opened = accounts.unopened().budgets().stream()
                .flatMap(each -> accounts.newRequest(each.key(), Opening.NONE).stream());
        return Stream.concat(opened, accounts.leaseRequests(1, true).stream()).toList();
    }

    private void lineUp(int requests, HoldRequest each) {
        for (int i = 0; i < requests; i++) {
            waits(each);
        }
    }

    private Waiter waits(HoldRequest request) {
        var admission = accounts.admit(request);
        assertThat(admission).isInstanceOf(Admission.Waits.class);
        return ((Admission.Waits) admission).waiter();
    }

    private Hold held(HoldRequest request) {
        var admission = accounts.admit(request);
        assertThat(admission).isInstanceOf(Admission.Held.class);
        return ((Admission.Held) admission).hold();
    }
}
