package dev.warder.budget.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.budget.lease.LeaseState;
import dev.warder.budget.lease.Opening;
import dev.warder.policy.Budget;
import dev.warder.policy.BudgetMode;
import dev.warder.policy.BudgetScope;
import dev.warder.policy.BudgetTerms;
import dev.warder.policy.OnExhausted;
import dev.warder.policy.Period;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What a node spends beyond its leases while its database cannot be used. The grace is 1000. */
class GraceTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final Duration WAIT = Duration.ofSeconds(60);
    private static final UUID RUN = new UUID(1, 1);

    private final AtomicLong nanoTime = new AtomicLong(1000);
    private final Accounts accounts = new Accounts(RUN, 10_000, 1000, nanoTime::get);
    private final Admissions admissions = new Admissions(accounts);
    private final Holds holds = new Holds(accounts);
    private final AccountLeases leases = new AccountLeases(accounts);
    private final ChargedBudget team = budget(BudgetScope.TEAM, "payments");
    private final ChargedBudget ann = budget(BudgetScope.CLIENT, "ann");
    private final ChargedBudget bob = budget(BudgetScope.CLIENT, "bob");

    @Test
    void isNotUsedWhileTheDatabaseCanBeUsed() {
        open(state(team, 100, 0));
        held(request("ann", 100, team));
        waits(request("ann", 1, team));
        assertThat(accounts.usedGrace()).isZero();
    }

    @Test
    void coversWhatANewRequestLacksWhileTheDatabaseIsAway() {
        open(state(team, 100, 0));
        leases.away();
        held(request("ann", 400, team));
        assertThat(accounts.usedGrace()).isEqualTo(300);
        held(request("ann", 700, team));
        assertThat(accounts.usedGrace()).isEqualTo(1000);
        refused(request("ann", 1, team));
    }

    @Test
    void neverCoversMoreThanIsLeft() {
        open(state(team, 100, 0));
        leases.away();
        refused(request("ann", 1101, team));
        assertThat(accounts.usedGrace()).isZero();
        held(request("ann", 1100, team));
    }

    @Test
    void aRequestUsesItOnceHoweverManyBudgetsLackMoney() {
        open(state(team, 100, 0), state(ann, 300, 0));
        leases.away();
        held(request("ann", 400, team, ann));
        assertThat(accounts.usedGrace()).isEqualTo(300);
        held(request("ann", 700, team, ann));
        refused(request("ann", 1, team, ann));
    }

    @Test
    void isOneForAllBudgets() {
        open(state(ann, 0, 0), state(bob, 0, 0));
        leases.away();
        held(request("ann", 600, ann));
        refused(request("bob", 600, bob));
        held(request("bob", 400, bob));
        refused(request("ann", 1, ann));
    }

    @Test
    void whatIsNotSpentIsFreeAgainAndTheRestStaysUsed() {
        open(state(team, 100, 0), state(ann, 100, 0));
        leases.away();
        var hold = held(request("ann", 1100, team, ann));
        holds.settle(hold, 300);
        assertThat(accounts.usedGrace()).isEqualTo(200);
        held(request("ann", 800, team, ann));
        refused(request("ann", 1, team, ann));
    }

    /** A bound was too low. */
    @Test
    void whatARequestCostsAboveItsHoldIsUsedToo() {
        open(state(team, 100, 0));
        leases.away();
        var hold = held(request("ann", 200, team));
        holds.settle(hold, 900);
        assertThat(accounts.usedGrace()).isEqualTo(800);
        refused(request("ann", 201, team));
        holds.settle(held(request("ann", 200, team)), 5000);
        refused(request("ann", 1, team));
    }

    @Test
    void aResponseThatHoldsLessGivesBackFirstWhatItTookLast() {
        open(state(team, 100, 0));
        leases.away();
        var hold = held(request("ann", 600, team));
        holds.holdInstead(hold, 250);
        assertThat(accounts.usedGrace()).isEqualTo(150);
        holds.holdInstead(hold, 50);
        assertThat(accounts.usedGrace()).isZero();
    }

    /** The lease covers then what was taken. */
    @Test
    void whatARequestWithinTheLeaseDidNotSpendCountsToo() {
        open(state(team, 1000, 0));
        var within = held(request("ann", 1000, team));
        leases.away();
        held(request("ann", 1000, team));
        assertThat(accounts.usedGrace()).isEqualTo(1000);
        holds.settle(within, 400);
        assertThat(accounts.usedGrace()).isEqualTo(400);
    }

    @Test
    void coversARunningResponseBeforeItIsCut() {
        open(state(team, 100, 0));
        var hold = held(request("ann", 100, team));
        leases.away();
        assertThat(holds.holdInstead(hold, 600)).isEmpty();
        assertThat(holds.holdInstead(hold, 1100)).isEmpty();
        assertThat(holds.holdInstead(hold, 1101)).hasSize(1);
        assertThat(accounts.usedGrace()).isEqualTo(1000);
    }

    @Test
    void coversAResponseThatTheDatabaseDoesNotAnswer() {
        open(state(team, 100, 0));
        var hold = held(request("ann", 100, team));
        assertThat(holds.holdInstead(hold, 600)).hasSize(1);
        assertThat(holds.holdFromGrace(hold, 600)).isTrue();
        assertThat(accounts.usedGrace()).isEqualTo(500);
        assertThat(holds.holdFromGrace(hold, 1101)).isFalse();
    }

    @Test
    void aResponseThatRunsComesBeforeNewRequests() {
        open(state(team, 100, 0), state(ann, 1000, 0));
        var hold = held(request("ann", 100, team));
        leases.away();
        assertThat(holds.holdInstead(hold, 1101)).hasSize(1);
        refused(request("bob", 50, team));
        assertThat(holds.holdInstead(hold, 1100)).isEmpty();
    }

    @Test
    void servesThoseThatHaveWaitedSinceBefore() {
        open(state(team, 100, 0));
        held(request("ann", 100, team));
        var waiter = waits(request("bob", 500, team));
        leases.away();
        assertThat(admissions.serve(WAIT).get(waiter)).isInstanceOf(Admission.Held.class);
        assertThat(accounts.usedGrace()).isEqualTo(500);
    }

    @Test
    void isNotForABudgetThatIsKnownToBeSpent() {
        open(state(team, 0, 9_850));
        leases.away();
        assertThat(admissions.admit(request("ann", 100, team))).isInstanceOf(Admission.Spent.class);
        held(request("ann", 50, team));
    }

    /** What others may have spent since is not known; what it spends itself is. */
    @Test
    void neverMakesANodeSpendMoreThanTheAmountByItself() {
        open(state(team, 100, 9_000));
        leases.away();
        var hold = held(request("ann", 500, team));
        holds.settle(hold, 500);
        refused(request("ann", 401, team));
        var edge = held(request("ann", 400, team));
        assertThat(holds.holdInstead(edge, 501)).hasSize(1);
        assertThat(holds.holdInstead(edge, 500)).as("the edge is for it").isEmpty();
    }

    @Test
    void isNotForABudgetThatWasNotReadYet() {
        open(state(team, 0, 0));
        leases.away();
        refused(request("ann", 1, ann));
        refused(request("ann", 1, ann, team));
    }

    @Test
    void staysUsedUntilTheDatabaseHasReservedOrStoredWhatWasSpent() {
        open(state(team, 100, 0));
        leases.away();
        holds.settle(held(request("ann", 1100, team)), 1100);
        leases.reserved(RUN, List.of());
        leases.away();
        refused(request("ann", 1, team));

        assertThat(least()).isEqualTo(1100);
        // Others have spent the rest of the amount.
        leases.reserved(RUN, List.of(new LeaseState(team.key(), 700, 0, 10_000, 9_300, 0, 0, 700, false)));
        assertThat(accounts.usedGrace()).isEqualTo(400);
        leases.reserved(RUN, List.of(new LeaseState(team.key(), 1100, 1100, 10_000, 10_000, 400, 0, 0, false)));
        assertThat(accounts.usedGrace()).isZero();
    }

    /** Its charges are those of another run, of which only stored rows are known. */
    @Test
    void staysUsedByANodeThatWasThoughtDeadUntilItsRowsAreStored() {
        open(state(team, 100, 0));
        leases.away();
        var hold = held(request("ann", 600, team));
        leases.begin(UUID.randomUUID());
        assertThat(accounts.usedGrace()).isEqualTo(500);
        assertThat(holds.holdInstead(hold, 700)).hasSize(1);
        assertThat(holds.holdFromGrace(hold, 700)).isFalse();
        holds.settle(hold, 400);
        assertThat(accounts.usedGrace()).isEqualTo(300);

        assertThat(leases.unstored()).isEqualTo(Map.of(RUN, List.of(team.key())));
        leases.stored(RUN, Map.of(team.key(), 250L));
        assertThat(accounts.usedGrace()).isEqualTo(150);
        leases.stored(RUN, Map.of(team.key(), 400L));
        assertThat(accounts.usedGrace()).isZero();
        assertThat(leases.unstored()).isEmpty();
    }

    /** Whatever ends when: the sum of what requests cost is at most that of leases and grace. */
    @Test
    void noOrderOfEventsSpendsMoreThanLeaseAndGrace() {
        var random = new Random(17);
        for (int round = 0; round < 200; round++) {
            var node = new Accounts(RUN, 10_000, 1000, nanoTime::get);
            var changes = new Holds(node);
            openOn(node, state(team, 1500, 0), state(ann, 700, 0), state(bob, 900, 0));
            new AccountLeases(node).away();
            var open = new ArrayList<Hold>();
            long cost = 0;
            for (int i = 0; i < 200; i++) {
                if (!open.isEmpty() && random.nextInt(3) == 0) {
                    var hold = open.remove(random.nextInt(open.size()));
                    long nanos = random.nextLong(hold.nanos() + 1);
                    cost += nanos;
                    changes.settle(hold, nanos);
                } else if (!open.isEmpty() && random.nextInt(3) == 0) {
                    changes.holdInstead(open.get(random.nextInt(open.size())), random.nextLong(500));
                } else {
                    var own = random.nextBoolean() ? ann : bob;
                    var request = random.nextBoolean()
                            ? request("any", random.nextLong(300), own, team)
                            : request("any", random.nextLong(300), own);
                    if (new Admissions(node).admit(request) instanceof Admission.Held held) {
                        open.add(held.hold());
                    }
                }
                for (var view : node.views()) {
                    assertThat(view.charged() + view.held()).isLessThanOrEqualTo(view.granted() + 1000);
                }
                assertThat(cost).isLessThanOrEqualTo(700 + 900 + 1000);
                assertThat(node.usedGrace()).isBetween(0L, 1000L);
            }
        }
    }

    private long least() {
        return leases.requests(1, true).get(0).least();
    }

    private void open(LeaseState... states) {
        openOn(accounts, states);
    }

    private void openOn(Accounts node, LeaseState... states) {
        var asking = new Admissions(node);
        var granting = new AccountLeases(node);
        granting.reserved(RUN, List.of());
        for (var each : List.of(states)) {
            var budget = List.of(team, ann, bob).stream()
                    .filter(one -> one.key().equals(each.key()))
                    .findFirst()
                    .orElseThrow();
            var first = (Admission.Waits) asking.admit(request("first", 1, budget));
            assertThat(granting.newRequest(each.key(), Opening.NONE)).isPresent();
            granting.reserved(RUN, List.of(each));
            asking.withdraw(first.waiter());
        }
    }

    private Hold held(HoldRequest request) {
        var admission = admissions.admit(request);
        assertThat(admission).isInstanceOf(Admission.Held.class);
        return ((Admission.Held) admission).hold();
    }

    private Waiter waits(HoldRequest request) {
        var admission = admissions.admit(request);
        assertThat(admission).isInstanceOf(Admission.Waits.class);
        return ((Admission.Waits) admission).waiter();
    }

    private void refused(HoldRequest request) {
        assertThat(admissions.admit(request)).isInstanceOf(Admission.DatabaseAway.class);
    }

    private static LeaseState state(ChargedBudget budget, long granted, long spent) {
        return new LeaseState(budget.key(), granted, 0, 10_000, spent, 0, 0, granted, false);
    }

    private static HoldRequest request(String client, long nanos, ChargedBudget... budgets) {
        return new HoldRequest(client, "", List.of(budgets), nanos, 1);
    }

    private static ChargedBudget budget(BudgetScope scope, String name) {
        var terms = new BudgetTerms(10_000, Period.DAY, ZoneOffset.UTC, BudgetMode.ENFORCE, OnExhausted.CUT);
        return new ChargedBudget(new Budget(scope, name, terms), terms.windowAt(NOW), 1);
    }
}
