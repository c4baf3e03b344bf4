package dev.warder.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.ledger.lease.Amounts;
import dev.warder.ledger.lease.DatabaseLeases;
import dev.warder.ledger.lease.LeaseRequest;
import dev.warder.ledger.lease.LeaseState;
import dev.warder.ledger.lease.Opening;
import dev.warder.policy.Budget;
import dev.warder.policy.BudgetMode;
import dev.warder.policy.BudgetScope;
import dev.warder.policy.BudgetTerms;
import dev.warder.policy.OnExhausted;
import dev.warder.policy.Period;
import dev.warder.testkit.H2Memory;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The budgets of one node, with a database that is simulated by what it responds. */
class AccountsTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final Duration WAIT = Duration.ofSeconds(60);
    private static final UUID RUN = new UUID(1, 1);

    private final AtomicLong nanoTime = new AtomicLong(1000);
    private final Accounts accounts = new Accounts(RUN, 10_000, nanoTime::get);
    private final ChargedBudget team = budget(BudgetScope.TEAM, "payments", 10_000, BudgetMode.ENFORCE);

    @Test
    void aRequestIsRefusedAfterItsWaitForTheDatabase() {
        var waiter = waits(request("ann", 100, team));
        nanoTime.addAndGet(WAIT.toNanos());

        assertThat(accounts.serve(WAIT).get(waiter)).isInstanceOf(Admission.DatabaseAway.class);
    }

    @Test
    void aRequestThatWaitsIsServedAfterAShortFailureOfTheDatabase() {
        var waiter = waits(request("ann", 100, team));
        accounts.away();
        assertThat(accounts.serve(WAIT)).isEmpty();

        open(500);

        assertThat(accounts.serve(WAIT).get(waiter)).isInstanceOf(Admission.Held.class);
    }

    @Test
    void aRequestWaitsUntilTheNodeHasGotWhatItNeeds() {
        accounts.reserved(RUN, List.of());
        var waiter = waits(request("ann", 100, team));

        reserve(0);
        assertThat(accounts.serve(WAIT)).isEmpty();
        reserve(500);

        assertThat(accounts.serve(WAIT).get(waiter)).isInstanceOf(Admission.Held.class);
        assertThat(view().held()).isEqualTo(100);
    }

    @Test
    void aSpentBudgetRefusesAtOnce() {
        open(0);
        accounts.reserved(RUN, List.of(state(team, 0, 9_850)));

        assertThat(accounts.admit(request("ann", 100, team))).isInstanceOf(Admission.Spent.class);
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
        accounts.reserved(RUN, List.of(state(team, 9_950, 0)));
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
    void waitsEnd() {
        open(100);
        held(request("ann", 100, team));
        var waiter = waits(request("bob", 100, team));

        nanoTime.addAndGet(WAIT.toNanos() - 1);
        assertThat(accounts.serve(WAIT)).isEmpty();
        nanoTime.incrementAndGet();
        assertThat(accounts.serve(WAIT).get(waiter)).isInstanceOf(Admission.Waited.class);
        assertThat(accounts.waiting()).isZero();
    }

    @Test
    void aRequestThatWaitsNoLongerBlocksNobody() {
        open(100);
        var hold = held(request("ann", 100, team));
        var gone = waits(request("bob", 100, team));
        var next = waits(request("cid", 50, team));

        accounts.withdraw(gone);
        accounts.settle(hold, 0);

        assertThat(accounts.serve(WAIT)).containsOnlyKeys(next);
    }

    @Test
    void theLineKeepsALimitedAmountOfMemory() {
        open(0);
        waits(new HoldRequest("ann", "", List.of(team), 10, 5_000));
        var more = new HoldRequest("ann", "", List.of(team), 10, 1);
        assertThat(accounts.admit(more)).as("half of it is for others").isInstanceOf(Admission.LineIsFull.class);
        waits(new HoldRequest("bob", "", List.of(team), 10, 5_000));
        var other = new HoldRequest("cid", "", List.of(team), 10, 1);
        assertThat(accounts.admit(other)).isInstanceOf(Admission.LineIsFull.class);
    }

    /** It may lack nothing but a lease: if it were refused each time, it would never be served. */
    @Test
    void oneLargeBodyOfEachClientWaits() {
        open(0);
        waits(body("ann", 1));
        waits(body("ann", 20_000));
        assertThat(accounts.admit(body("ann", 1))).isInstanceOf(Admission.LineIsFull.class);
        assertThat(accounts.admit(body("ann", 20_000))).isInstanceOf(Admission.LineIsFull.class);
        waits(body("bob", 20_000));
        assertThat(accounts.admit(body("cid", 20_000)))
                .as("both others count with half of the memory")
                .isInstanceOf(Admission.LineIsFull.class);
        assertThat(accounts.admit(body("cid", 1))).isInstanceOf(Admission.LineIsFull.class);
    }

    /** It keeps more memory than is meant for waiting. */
    @Test
    void aLargeBodyWaitsNoLongerThanALeaseTakes() {
        open(0);
        var large = waits(body("ann", 5_001));
        var small = waits(body("bob", 5_000));

        nanoTime.addAndGet(Duration.ofSeconds(2).toNanos() - 1);
        assertThat(accounts.serve(WAIT)).isEmpty();
        nanoTime.incrementAndGet();
        assertThat(accounts.serve(WAIT).get(large)).isInstanceOf(Admission.Waited.class);
        nanoTime.addAndGet(WAIT.toNanos());
        assertThat(accounts.serve(WAIT).get(small)).isInstanceOf(Admission.Waited.class);
        waits(body("cid", 20_000));
        waits(body("dan", 20_000));
    }

    /** Its memory counts no more, however it leaves the line. */
    @Test
    void aLargeBodyThatLeavesTheLineMakesRoom() {
        open(0);
        for (int i = 0; i < 3; i++) {
            accounts.withdraw(waits(body("ann", 20_000)));
        }
        var served = waits(body("ann", 20_000));
        reserve(100);
        assertThat(accounts.serve(WAIT).get(served)).isInstanceOf(Admission.Held.class);
        waits(new HoldRequest("bob", "", List.of(team), 100, 20_000));
        waits(new HoldRequest("cid", "", List.of(team), 100, 20_000));
    }

    private HoldRequest body(String client, long bytes) {
        return new HoldRequest(client, "", List.of(team), 10, bytes);
    }

    @Test
    void clientsTakeTurnsByWhatTheyHold() {
        open(100);
        var hold = held(request("first", 100, team));
        var order = new ArrayList<Waiter>();
        for (int i = 0; i < 6; i++) {
            order.add(waits(request("greedy", 50, team)));
        }
        var modest = waits(request("modest", 50, team));
        accounts.settle(hold, 0);

        assertThat(accounts.serve(WAIT)).containsOnlyKeys(order.get(0), modest);
    }

    /** As it is near the end of a budget: each request that ends makes room for one that is as small. */
    @Test
    void aClientWithManySmallRequestsDoesNotKeepALargeOneWaiting() {
        open(100);
        var running = new ArrayList<>(List.of(held(request("first", 50, team)), held(request("first", 50, team))));
        for (int i = 0; i < 10; i++) {
            waits(request("greedy", 50, team));
        }
        var large = waits(request("modest", 100, team));

        var order = new ArrayList<Waiter>();
        for (int i = 0; i < 8; i++) {
            if (!running.isEmpty()) {
                accounts.settle(running.remove(0), 0);
            }
            accounts.serve(WAIT).forEach((waiter, admission) -> {
                order.add(waiter);
                running.add(((Admission.Held) admission).hold());
            });
        }

        assertThat(order).contains(large);
    }

    /** The line is served with the lock: if that had no end, the node would admit no further request. */
    @Test
    @Timeout(10)
    void aLargeRequestAfterASmallOneOfTheSameSessionTakesItsTurn() {
        open(1000);
        var running = held(request("first", 1000, team));
        var small = waits(request("ann", 10, team));
        var large = waits(request("ann", 500, team));
        accounts.settle(running, 0);

        assertThat(accounts.serve(WAIT)).containsOnlyKeys(small, large);
    }

    @Test
    void sessionsOfAClientTakeTurns() {
        open(100);
        var hold = held(request("first", 100, team));
        var one = waits(new HoldRequest("ann", "a", List.of(team), 50, 1));
        waits(new HoldRequest("ann", "a", List.of(team), 50, 1));
        var other = waits(new HoldRequest("ann", "b", List.of(team), 50, 1));
        accounts.settle(hold, 0);

        assertThat(accounts.serve(WAIT)).containsOnlyKeys(one, other);
    }

    @Test
    void aSessionWithoutMoneyDoesNotKeepAnotherOneOfItsClientWaiting() {
        var one = budget(BudgetScope.SESSION, "ann/one", 10_000, BudgetMode.ENFORCE);
        var two = budget(BudgetScope.SESSION, "ann/two", 10_000, BudgetMode.ENFORCE);
        accounts.reserved(RUN, List.of());
        waits(new HoldRequest("ann", "one", List.of(one), 100, 1));
        // It enters the line only because its account is new.
        var other = waits(new HoldRequest("ann", "two", List.of(two), 100, 1));
        requests();
        accounts.reserved(RUN, List.of(state(one, 0, 0), state(two, 100, 0)));

        assertThat(accounts.serve(WAIT)).containsOnlyKeys(other);
    }

    @Test
    void aClientWithASessionThatLacksMoneyIsNotServedFirstEachTime() {
        open(50);
        var running = held(request("first", 50, team));
        var own = budget(BudgetScope.SESSION, "ann/poor", 10_000, BudgetMode.ENFORCE);
        waits(new HoldRequest("ann", "poor", List.of(own, team), 50, 1));
        for (int i = 0; i < 4; i++) {
            waits(new HoldRequest("ann", "rich", List.of(team), 50, 1));
        }
        var other = waits(request("bob", 50, team));

        var order = new ArrayList<Waiter>();
        for (int i = 0; i < 3; i++) {
            accounts.settle(running, 0);
            var served = accounts.serve(WAIT);
            order.addAll(served.keySet());
            running = ((Admission.Held) served.values().iterator().next()).hold();
        }

        assertThat(order).contains(other);
    }

    /** The other sessions of its client are served meanwhile. */
    @Test
    void aSessionThatIsPassedOverIsNotOvertakenEachTime() {
        var model = budget(BudgetScope.MODEL, "opus", 10_000, BudgetMode.ENFORCE);
        open(50);
        waits(request("first", 1, model));
        requests();
        accounts.reserved(RUN, List.of(state(model, 50, 0)));
        accounts.serve(WAIT).values().forEach(first -> accounts.settle(((Admission.Held) first).hold(), 0));
        var running = new ArrayList<>(List.of(held(request("first", 50, model)), held(request("first", 50, team))));
        for (int i = 0; i < 4; i++) {
            waits(new HoldRequest("bob", "", List.of(model), 50, 1));
        }
        var passed = waits(new HoldRequest("ann", "one", List.of(model), 50, 1));
        for (int i = 0; i < 4; i++) {
            waits(new HoldRequest("ann", "two", List.of(team), 50, 1));
        }

        var order = new ArrayList<Waiter>();
        for (int i = 0; i < 3; i++) {
            running.forEach(hold -> accounts.settle(hold, 0));
            running.clear();
            accounts.serve(WAIT).forEach((waiter, admission) -> {
                order.add(waiter);
                running.add(((Admission.Held) admission).hold());
            });
        }

        assertThat(order).contains(passed);
    }

    /** An operator may do this to help them. */
    @Test
    void aBudgetThatEnforcesNoLongerLimitsNoOpenRequest() {
        open(200);
        var running = held(request("ann", 100, team));
        var waiting = waits(request("bob", 500, team));
        var relaxed = new ChargedBudget(
                budget(BudgetScope.TEAM, "payments", 10_000, BudgetMode.WARN).budget(), team.window(), 2);
        accounts.settle(held(request("cid", 1, relaxed)), 1);
        reserve(0);

        assertThat(accounts.holdInstead(running, 900)).isEmpty();
        assertThat(accounts.serve(WAIT).get(waiting)).isInstanceOf(Admission.Held.class);
    }

    @Test
    void namesOfSessionsMakeNoAccountsForAClientThatIsRefused() {
        open(0);
        accounts.reserved(RUN, List.of(state(team, 0, 10_000)));
        var session = budget(BudgetScope.SESSION, "ann/any", 100, BudgetMode.ENFORCE);

        assertThat(accounts.admit(request("ann", 100, team, session))).isInstanceOf(Admission.Spent.class);
        assertThat(accounts.views()).hasSize(1);
    }

    @Test
    void whoLacksMoneyOfItsOwnDoesNotBlockItsTeam() {
        var own = budget(BudgetScope.CLIENT, "ann", 5_000, BudgetMode.ENFORCE);
        open(500);
        waits(request("ann", 100, team, own));
        reserve(500);

        held(request("bob", 100, team));
        assertThat(accounts.serve(WAIT)).isEmpty();
    }

    /** Otherwise it would collect money of the team that it cannot use until its own is free. */
    @Test
    void whoLacksMoneyOfItsOwnAndOfItsTeamDoesNotBlockItsTeam() {
        var own = budget(BudgetScope.CLIENT, "ann", 5_000, BudgetMode.ENFORCE);
        open(500);
        var waiting = waits(request("ann", 600, team, own));
        requests();
        accounts.reserved(RUN, List.of(state(team, 500, 0), state(own, 100, 0)));

        var hold = held(request("bob", 100, team));
        assertThat(accounts.serve(WAIT)).isEmpty();
        held(request("bob", 100, team));

        // Once its own is free, no request overtakes it.
        accounts.reserved(RUN, List.of(state(own, 700, 0)));
        assertThat(accounts.serve(WAIT)).isEmpty();
        accounts.settle(hold, 0);
        waits(request("bob", 100, team));
        accounts.reserved(RUN, List.of(state(team, 700, 0)));
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

    /** Running requests there may need it before they are known to wait. */
    @Test
    void theLastThatOtherNodesSpendTooIsGivenBackAtOnce() {
        open(1000);
        held(request("ann", 100, team));
        accounts.reserved(
                RUN, List.of(new LeaseState(team.key(), 1000, 0, new Amounts(10_000, 7000, 0, 2850, 0), false)));
        assertThat(accounts.isUrgent()).isTrue();
        assertThat(requests().get(0).wanted()).isEqualTo(100);

        accounts.reserved(
                RUN, List.of(new LeaseState(team.key(), 100, 0, new Amounts(10_000, 7900, 0, 1950, 0), false)));
        assertThat(accounts.isUrgent()).as("nothing is left to be given back").isFalse();
        assertThat(requests().get(0).wanted()).isEqualTo(100);

        accounts.reserved(
                RUN, List.of(new LeaseState(team.key(), 100, 0, new Amounts(10_000, 7000, 0, 2795, 0), false)));
        assertThat(requests().get(0).wanted())
                .as("what does not make it the last")
                .isEqualTo(102);
    }

    @Test
    void theLastThatNoOtherNodeSpendsIsKept() {
        open(1000);
        held(request("ann", 100, team));
        accounts.reserved(
                RUN, List.of(new LeaseState(team.key(), 1000, 0, new Amounts(10_000, 8850, 0, 1000, 0), false)));
        assertThat(accounts.isUrgent()).isFalse();
        assertThat(requests().get(0).wanted()).isGreaterThan(100);
    }

    /** The budget was not used for a while and is not enforced any more: the node does not know what it had charged. */
    @Test
    void whatStoredRowsHaveCostIsNotGivenBack() {
        open(500);
        accounts.settle(held(request("ann", 100, team)), 60);
        nanoTime.addAndGet(Duration.ofSeconds(61).toNanos());
        requests();
        accounts.reserved(RUN, List.of(new LeaseState(team.key(), 60, 60, new Amounts(10_000, 60, 0, 0, 0), false)));
        assertThat(accounts.views()).isEmpty();

        held(request("ann", 100, budget(BudgetScope.TEAM, "payments", 10_000, BudgetMode.WARN)));
        requests();
        accounts.reserved(RUN, List.of(new LeaseState(team.key(), 60, 60, new Amounts(10_000, 9990, 0, 0, 0), false)));
        assertThat(accounts.givesBack()).isFalse();
        assertThat(accounts.isUrgent()).isFalse();
    }

    @Test
    void asksAgainForWhatAResponseLacks() {
        open(1000);
        var hold = held(request("ann", 1000, team));
        accounts.holdInstead(hold, 1100);
        requests();
        accounts.reserved(
                RUN, List.of(new LeaseState(team.key(), 1000, 0, new Amounts(10_000, 8000, 0, 2000, 0), false)));
        assertThat(accounts.isUrgent())
                .as("another node may have given it back")
                .isTrue();
        accounts.settle(hold, 900);
        accounts.reserved(
                RUN, List.of(new LeaseState(team.key(), 1000, 0, new Amounts(10_000, 8000, 0, 1000, 0), false)));
        assertThat(accounts.isUrgent()).isFalse();
    }

    @Test
    void aClientHasALimitedNumberOfSessions() {
        thousandSessions();
        var more = budget(BudgetScope.SESSION, "ann/more", 100, BudgetMode.ENFORCE);
        var known = budget(BudgetScope.SESSION, "ann/7", 100, BudgetMode.WARN);
        var hourly = budget(BudgetScope.SESSION, "ann/7", 100, Period.HOUR, BudgetMode.ENFORCE);

        assertThat(accounts.admit(request("ann", 1, more))).isInstanceOf(Admission.TooManySessions.class);
        assertThat(accounts.admit(request("ann", 1, known, hourly)))
                .as("the same session has a further budget")
                .isInstanceOf(Admission.Waits.class);
        assertThat(accounts.admit(request("bob", 1, budget(BudgetScope.SESSION, "bob/1", 100, BudgetMode.WARN))))
                .isInstanceOf(Admission.Held.class);
    }

    /** They count what they can. */
    @Test
    void budgetsOfSessionsThatDoNotEnforceRefuseNothing() {
        thousandSessions();
        var more = budget(BudgetScope.SESSION, "ann/more", 100, BudgetMode.WARN);

        assertThat(held(request("ann", 1, more)).charged().periods()).isEmpty();
        assertThat(accounts.views()).hasSize(1000);
    }

    private void thousandSessions() {
        accounts.reserved(RUN, List.of());
        for (int i = 0; i < 1000; i++) {
            held(request("ann", 1, budget(BudgetScope.SESSION, "ann/" + i, 100, BudgetMode.WARN)));
        }
    }

    @Test
    void aBudgetThatIsNotUsedAnyMoreIsForgottenWithAllThatTheDatabaseHas() {
        open(500);
        accounts.settle(held(request("ann", 100, team)), 60);
        nanoTime.addAndGet(Duration.ofSeconds(61).toNanos());

        assertThat(requests().get(0).wanted()).isEqualTo(60);
        accounts.reserved(RUN, List.of(new LeaseState(team.key(), 60, 0, new Amounts(10_000, 0, 0, 60, 0), false)));
        assertThat(accounts.views()).as("the charge is not stored yet").hasSize(1);
        accounts.reserved(RUN, List.of(new LeaseState(team.key(), 60, 60, new Amounts(10_000, 60, 0, 0, 0), false)));
        assertThat(accounts.views()).isEmpty();

        // It begins again with what it had charged.
        waits(request("ann", 100, team));
        assertThat(requests().get(0).wanted()).isZero();
        accounts.reserved(RUN, List.of(new LeaseState(team.key(), 60, 60, new Amounts(10_000, 60, 0, 0, 0), false)));
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

    private void open(long granted) {
        accounts.reserved(RUN, List.of());
        var first = waits(request("first", 1, team));
        reserve(granted);
        accounts.withdraw(first);
    }

    private void reserve(long granted) {
        requests();
        accounts.reserved(RUN, List.of(state(team, granted, 0)));
    }

    private List<LeaseRequest> requests() {
        var opened = accounts.unopened().budgets().stream()
                .flatMap(each -> accounts.newRequest(each.key(), Opening.NONE).stream());
        return Stream.concat(opened, accounts.leaseRequests(1, true).stream()).toList();
    }

    private AccountView view() {
        return accounts.views().get(0);
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

    private static LeaseState state(ChargedBudget budget, long granted, long spent) {
        long cap = budget.budget().terms().nanos();
        return new LeaseState(budget.key(), granted, 0, new Amounts(cap, spent, 0, granted, 0), false);
    }

    private static HoldRequest request(String client, long nanos, ChargedBudget... budgets) {
        return new HoldRequest(client, "", List.of(budgets), nanos, 1);
    }

    private static ChargedBudget budget(BudgetScope scope, String name, long nanos, BudgetMode mode) {
        return budget(scope, name, nanos, Period.DAY, mode);
    }

    private static ChargedBudget budget(BudgetScope scope, String name, long nanos, Period period, BudgetMode mode) {
        var terms = new BudgetTerms(nanos, period, ZoneOffset.UTC, mode, OnExhausted.CUT);
        return new ChargedBudget(new Budget(scope, name, terms), terms.windowAt(NOW), 1);
    }

    /** The budgets of two nodes with one database. */
    @Nested
    class TwoNodesTest {
        @RegisterExtension
        private final H2Memory h2 = new H2Memory();

        private final ChargedBudget team = budget(BudgetScope.TEAM, "payments", 1000, BudgetMode.ENFORCE);

        private final class Node {
            private final UUID run = UUID.randomUUID();
            private final Accounts accounts = new Accounts(run, 10_000, nanoTime::get);
            private final List<Hold> open = new ArrayList<>();

            void reserve() throws Exception {
                var opened = accounts.unopened().budgets().stream()
                        .flatMap(each -> accounts.newRequest(each.key(), Opening.NONE).stream());
                var requests = Stream.concat(opened, accounts.leaseRequests(2, true).stream())
                        .toList();
                accounts.reserved(
                        run, requests.isEmpty() ? List.of() : new DatabaseLeases(h2.database()).reserve(run, requests));
                serve(accounts.serve(WAIT));
            }

            void ask(long nanos) {
                ask("ann", nanos, List.of(team));
            }

            void ask(String client, long nanos, List<ChargedBudget> budgets) {
                var admission = accounts.admit(new HoldRequest(client, "", budgets, nanos, 1));
                if (admission instanceof Admission.Held held) {
                    open.add(held.hold());
                } else {
                    assertThat(admission).isInstanceOf(Admission.Waits.class);
                }
            }

            void endAll() {
                open.forEach(hold -> accounts.settle(hold, 0));
                open.clear();
                serve(accounts.serve(WAIT));
            }

            private void serve(Map<Waiter, Admission> served) {
                served.values().forEach(each -> open.add(((Admission.Held) each).hold()));
            }
        }

        /** Each has a part of what is free, and neither has enough: the one that waits longer must get all. */
        @Test
        void nodesThatWaitForEachOtherDoNotKeepWhatTheyCannotUse() throws Exception {
            var one = new Node();
            var other = new Node();
            one.reserve();
            other.reserve();
            one.ask(400);
            one.reserve();
            one.reserve();
            other.ask(400);
            other.reserve();
            other.reserve();
            assertThat(one.open).hasSize(1);
            assertThat(other.open).hasSize(1);
            one.ask(900);
            one.reserve();
            other.ask(900);
            other.reserve();

            one.endAll();
            other.endAll();
            for (int i = 0; i < 5; i++) {
                one.reserve();
                other.reserve();
            }

            assertThat(one.open.size() + other.open.size())
                    .as("requests that run")
                    .isEqualTo(1);
        }

        /** Their node can use nothing of what the team has left for them. */
        @Test
        void requestsThatLackMoneyOfTheirClientTakeNoneOfItsTeamFromOtherNodes() throws Exception {
            var one = new Node();
            var other = new Node();
            one.reserve();
            other.reserve();
            var budgets = List.of(team, budget(BudgetScope.CLIENT, "bob", 100, BudgetMode.ENFORCE));
            for (int i = 0; i < 20; i++) {
                one.ask("bob", 60, budgets);
                one.reserve();
            }
            assertThat(one.open).as("the others wait for the budget of bob").hasSize(1);
            nanoTime.addAndGet(Duration.ofSeconds(30).toNanos());
            one.reserve();
            one.reserve();

            other.ask(200);
            for (int i = 0; i < 10; i++) {
                other.reserve();
                one.reserve();
            }

            assertThat(other.open).hasSize(1);
        }
    }
}
