package dev.warder.quota;

import static dev.warder.quota.SampleBudgets.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.ledger.lease.LeaseRequest;
import dev.warder.ledger.lease.Line;
import dev.warder.ledger.lease.Opening;
import dev.warder.policy.BudgetMode;
import dev.warder.policy.BudgetScope;
import dev.warder.policy.Period;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The budgets of a node in all orders in which its threads can call them. {@link Accounts} does all its work under one lock, so
 * that each call is one step. {@link InterleavedNode} has what is checked after each step, and at the end.
 */
@Timeout(300)
class AccountsInterleavingTest {
    private static final boolean LONG = Boolean.getBoolean("warder.long");
    private static final int RUNS = LONG ? 200_000 : 5000;
    private static final long CAP = 100;
    private static final UUID OTHER = new UUID(1, 1);

    private final Set<List<String>> ends = new HashSet<>();

    /**
     * Every order of a request that holds more after its admission, of another one that withdraws when it has to wait, of two
     * reservations, one of which may fail before or after its commit, and of the thread that admits those that wait. There is not
     * enough for both requests.
     */
    @Tag("turn-6")
    @Tag("turn-only")
    @Test
    void nothingIsLeftOrUsedTwiceInAnyOrderOfTwoRequests() {
        var choices = new Choices();
        int orders = 0;
        do {
            var team = SampleBudgets.of(BudgetScope.TEAM, "payments", CAP);
            var node = new InterleavedNode(choices, 1, Map.of(team.key(), CAP));
            open(node, team, LONG && choices.applyAsInt(2) == 0 ? 0 : 50);
            node.add(request("ann", 40, team), List.of(60L), 30, true);
            node.add(request("bob", 50, team), List.of(), 35, false);
            node.addKeeper(2, false);
            node.add(node.new Server(LONG ? 2 : 1));
            node.runAll();
            node.finish();
            ends.add(node.ends());
            orders++;
        } while (choices.next());
        assertThat(orders).isGreaterThan(100_000);
        assertThat(ends)
                .contains(
                        List.of("STORED", "STORED"),
                        List.of("STORED", "WITHDRAWN"),
                        List.of("STORED", "REFUSED"),
                        List.of("REFUSED", "STORED"));
    }

    /**
     * Orders at random: three requests with budgets of their own and one that they share with another node, an amount that is
     * changed, and a node that is thought dead.
     */
    @Test
    void nothingIsLeftOrUsedTwiceInThousandsOfOrders() {
        for (int seed = 0; seed < RUNS; seed++) {
            var random = new Random(seed);
            try {
                run(random::nextInt);
            } catch (RuntimeException | AssertionError failed) {
                throw new AssertionError("seed " + seed, failed);
            }
        }
        assertThat(ends.stream().flatMap(List::stream)).contains("STORED", "REFUSED", "WITHDRAWN");
    }

    private void run(IntUnaryOperator random) {
        var team = SampleBudgets.of(BudgetScope.TEAM, "payments", CAP);
        var own = SampleBudgets.of(BudgetScope.CLIENT, "ann", 70);
        var node = new InterleavedNode(random, 3, Map.of(team.key(), 2 * CAP, own.key(), CAP));
        for (int i = 0; i < 4; i++) {
            var asked = i % 2 == 0
                    ? request("ann", 10 + random.applyAsInt(40), team, own)
                    : request("bob", 10 + random.applyAsInt(40), team);
            var amounts = random.applyAsInt(2) == 0
                    ? List.of(asked.nanos() + random.applyAsInt(30), 5L + random.applyAsInt(10))
                    : List.of(asked.nanos() + random.applyAsInt(30));
            node.add(asked, amounts, 1 + random.applyAsInt(20), random.applyAsInt(3) > 0);
        }
        node.addKeeper(3 + random.applyAsInt(4), true);
        node.add(node.new Opener(2));
        node.add(node.new Server(1 + random.applyAsInt(4)));
        node.add(otherNode(node, team, random));
        if (random.applyAsInt(2) == 0) {
            long amount = CAP / 2 + random.applyAsInt((int) CAP);
            var terms = SampleBudgets.terms(amount, Period.DAY, BudgetMode.ENFORCE);
            var changed = SampleBudgets.of(BudgetScope.TEAM, "payments", terms, 2);
            node.add(once(() -> node.accounts.adopt(each -> each.key().equals(team.key()) ? changed : each)));
        }
        if (random.applyAsInt(4) == 0) {
            node.add(once(() -> node.database.reap(node.accounts.run())));
        }
        node.runAll();
        node.finish();
        ends.add(node.ends());
    }

    /** The node has asked for the budget, and has got something of it. */
    private static void open(InterleavedNode node, ChargedBudget team, long lease) {
        var first = (Admission.Waits) node.accounts.admit(request("first", Math.max(1, lease), team));
        var opened = node.accounts.newRequest(team.key(), Opening.NONE).orElseThrow();
        var run = node.accounts.run();
        node.accounts.reserved(run, node.database.reserve(run, List.of(opened)).orElseThrow());
        if (lease > 0) {
            var asked = node.accounts.leaseRequests(1, true);
            node.accounts.reserved(run, node.database.reserve(run, asked).orElseThrow());
        }
        node.accounts.withdraw(first.waiter());
    }

    private static InterleavedNode.Actor once(Runnable step) {
        return new InterleavedNode.Steps(List.of(step));
    }

    /** Another node takes something of a budget, wants more, and gives all back. */
    private static InterleavedNode.Actor otherNode(
            InterleavedNode node, ChargedBudget budget, IntUnaryOperator random) {
        var terms =
                new LeaseRequest.Terms(Optional.empty(), budget.budget().terms().nanos(), true, 1);
        return new InterleavedNode.Steps(Stream.of(20L + random.applyAsInt(20), (long) random.applyAsInt(60), 0L)
                .<Runnable>map(amount -> () -> node.database.reserve(
                        OTHER,
                        List.of(new LeaseRequest(
                                budget.key(), terms, 1, Opening.NONE, 0, amount, new Line(amount, 10)))))
                .toList());
    }

    /** What is chosen in a run of a test, such as who goes next: in one run after the other, each possible sequence once. One thread. */
    private static final class Choices implements IntUnaryOperator {
        private final List<Integer> chosen = new ArrayList<>();
        private final List<Integer> bounds = new ArrayList<>();
        private int at;

        /** One of 0 to {@code bound - 1}. */
        @Override
        public int applyAsInt(int bound) {
            if (at == chosen.size()) {
                chosen.add(0);
                bounds.add(bound);
            }
            return chosen.get(at++);
        }

        /** Goes on to the next sequence, for a run from its beginning; false after the last one. */
        boolean next() {
            at = 0;
            int last = chosen.size() - 1;
            while (last >= 0 && chosen.get(last) == bounds.get(last) - 1) {
                chosen.remove(last);
                bounds.remove(last);
                last--;
            }
            if (last >= 0) {
                chosen.set(last, chosen.get(last) + 1);
            }
            return last >= 0;
        }

        @Override
        public String toString() {
            return chosen.toString();
        }
    }
}
