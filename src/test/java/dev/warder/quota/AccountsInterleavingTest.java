package dev.warder.quota;

import static dev.warder.quota.SampleBudgets.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.ledger.store.LeaseStore.LeaseRequest;
import dev.warder.ledger.store.LeaseStore.Line;
import dev.warder.ledger.store.LeaseStore.Opening;
import dev.warder.policy.Budget;
import dev.warder.policy.Period;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The budgets of a node in orders in which its threads can call them. {@link Accounts} does all its work under one lock, so
 * that each call is one step. {@link InterleavedNode} has what is checked after each step, and at the end.
 */
@Timeout(300)
class AccountsInterleavingTest {
    private static final int RUNS = Boolean.getBoolean("warder.long") ? 200_000 : 10_000;
    private static final long CAP = 100;
    private static final UUID OTHER = new UUID(1, 1);

    private final Set<List<String>> ends = new HashSet<>();

    /**
     * Orders at random: two to four requests, with budgets of their own and one that they share with another node, that hold more
     * after their admission or withdraw while they wait; reservations that fail before or after their commit; an amount that is
     * changed, and a node that is thought dead. There is not enough for all.
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
        var team = SampleBudgets.of(Budget.Scope.TEAM, "payments", CAP);
        var own = SampleBudgets.of(Budget.Scope.CLIENT, "ann", 70);
        boolean changes = random.applyAsInt(2) == 0;
        var node = new InterleavedNode(random, 3, Map.of(team.key(), changes ? 2 * CAP : CAP, own.key(), CAP));
        int count = 2 + random.applyAsInt(3);
        for (int i = 0; i < count; i++) {
            var asked = i % 2 == 0
                    ? request("ann", 10 + random.applyAsInt(40), team, own)
                    : request("bob", 10 + random.applyAsInt(40), team);
            var amounts = random.applyAsInt(2) == 0
                    ? List.of(asked.nanos() + random.applyAsInt(30), 5L + random.applyAsInt(10))
                    : List.of(asked.nanos() + random.applyAsInt(30));
            node.add(asked, amounts, 1 + random.applyAsInt(20), random.applyAsInt(3) > 0);
        }
        node.addKeeper(3 + random.applyAsInt(4));
        node.add(node.new Opener(2));
        node.add(node.new Server(1 + random.applyAsInt(4)));
        node.add(otherNode(node, team, random));
        if (changes) {
            long amount = CAP / 2 + random.applyAsInt((int) CAP);
            var terms = SampleBudgets.terms(amount, Period.DAY, Budget.Mode.ENFORCE);
            var changed = SampleBudgets.of(Budget.Scope.TEAM, "payments", terms, 2);
            node.add(new InterleavedNode.Steps(
                    List.of(() -> node.accounts.adopt(each -> each.key().equals(team.key()) ? changed : each))));
        }
        if (random.applyAsInt(4) == 0) {
            node.add(new InterleavedNode.Steps(List.of(() -> node.database.reap(node.accounts.run()))));
        }
        node.runAll();
        node.finish();
        ends.add(node.ends());
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
}
