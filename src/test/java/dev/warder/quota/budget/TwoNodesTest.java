package dev.warder.quota.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.ledger.lease.DatabaseLeases;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The budgets of two nodes with one database. */
class TwoNodesTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final Duration WAIT = Duration.ofSeconds(60);

    @RegisterExtension
    private final H2Memory h2 = new H2Memory();

    private final AtomicLong nanoTime = new AtomicLong(1000);
    private final ChargedBudget team = team();

    private final class Node {
        private final UUID run = UUID.randomUUID();
        private final Accounts accounts = new Accounts(run, 10_000, nanoTime::get);
        private final AccountLeases leases = new AccountLeases(accounts);
        private final List<Hold> open = new ArrayList<>();

        void reserve() throws Exception {
            var opened = leases.unopened().budgets().stream()
                    .flatMap(each -> leases.newRequest(each.key(), Opening.NONE).stream());
            var requests =
                    Stream.concat(opened, leases.requests(2, true).stream()).toList();
            leases.reserved(
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

        assertThat(one.open.size() + other.open.size()).as("requests that run").isEqualTo(1);
    }

    /** Their node can use nothing of what the team has left for them. */
    @Test
    void requestsThatLackMoneyOfTheirClientTakeNoneOfItsTeamFromOtherNodes() throws Exception {
        var one = new Node();
        var other = new Node();
        one.reserve();
        other.reserve();
        var budgets = List.of(team, budget(BudgetScope.CLIENT, "bob", 100));
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

    private static ChargedBudget team() {
        return budget(BudgetScope.TEAM, "payments", 1000);
    }

    private static ChargedBudget budget(BudgetScope scope, String name, long nanos) {
        var terms = new BudgetTerms(nanos, Period.DAY, ZoneOffset.UTC, BudgetMode.ENFORCE, OnExhausted.CUT);
        return new ChargedBudget(new Budget(scope, name, terms), terms.windowAt(NOW), 1);
    }
}
