package dev.warder.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.http.Dialect;
import dev.warder.ledger.lease.Amounts;
import dev.warder.ledger.lease.LeaseState;
import dev.warder.ledger.lease.Opening;
import dev.warder.policy.Budget;
import dev.warder.policy.BudgetMode;
import dev.warder.policy.BudgetScope;
import dev.warder.policy.BudgetTerms;
import dev.warder.policy.OnExhausted;
import dev.warder.policy.Period;
import dev.warder.quota.BudgetEvent.What;
import dev.warder.quota.CountedRefusals.Asker;
import dev.warder.quota.WaitingRequest.Why;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What is shown of the requests that wait on a node. */
class WaitingViewTest {
    private static final UUID RUN = new UUID(1, 1);
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

    private final AtomicLong nanoTime = new AtomicLong(1000);
    private final Accounts accounts = new Accounts(RUN, 1_000_000, nanoTime::get);
    private final ChargedBudget team = budget(BudgetScope.TEAM, "payments");
    private final ChargedBudget ann = budget(BudgetScope.CLIENT, "ann");

    @Test
    void namesWhatARequestWaitsFor() {
        accounts.reserved(RUN, List.of());
        waits("ann", 300, ann);
        assertThat(why()).isEqualTo(Why.ASKING);
        reserve(state(ann, 100, true));
        assertThat(why()).isEqualTo(Why.OTHER_NODES);
        reserve(state(ann, 100, false));
        assertThat(why()).isEqualTo(Why.RUNNING);
        reserve(state(ann, 300, false));
        assertThat(why()).isEqualTo(Why.EARLIER);
    }

    @Test
    void showsThoseThatHaveWaitedLongestAndNoMoreThanAreAskedFor() {
        accounts.reserved(RUN, List.of());
        for (int i = 0; i < 500; i++) {
            nanoTime.incrementAndGet();
            waits("client" + i % 7, 300, team);
        }
        assertThat(accounts.waiting(50)).hasSize(50).isSortedAccordingTo((one, other) -> other.waited()
                .compareTo(one.waited()));
        assertThat(accounts.waiting(50).get(0).client()).isEqualTo("client0");
        assertThat(accounts.waiting()).isEqualTo(500);
    }

    private Why why() {
        return accounts.waiting(1).get(0).why();
    }

    private void reserve(LeaseState... states) {
        accounts.reserved(RUN, List.of());
        if (accounts.views().isEmpty()) {
            accounts.withdraw(((Admission.Waits) ask("first", 1, ann, team)).waiter());
        }
        accounts.unopened().budgets().forEach(each -> accounts.newRequest(each.key(), Opening.NONE));
        accounts.reserved(RUN, List.of(states));
    }

    private Admission ask(String client, long nanos, ChargedBudget... budgets) {
        return accounts.admit(new HoldRequest(client, "", List.of(budgets), nanos, 1));
    }

    private void waits(String client, long nanos, ChargedBudget... budgets) {
        assertThat(ask(client, nanos, budgets)).isInstanceOf(Admission.Waits.class);
    }

    private static LeaseState state(ChargedBudget budget, long granted, boolean othersWait) {
        return new LeaseState(budget.key(), granted, 0, new Amounts(10_000, 0, 0, granted, 0), othersWait);
    }

    private static ChargedBudget budget(BudgetScope scope, String name) {
        var terms = new BudgetTerms(10_000, Period.DAY, ZoneOffset.UTC, BudgetMode.ENFORCE, OnExhausted.CUT);
        return new ChargedBudget(new Budget(scope, name, terms), terms.windowAt(NOW), 1);
    }

    @Nested
    class RecentEventsTest {
        private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

        private Instant now = NOW;
        private final RecentEvents events = new RecentEvents(() -> now);
        private final CountedRefusals refusals =
                new CountedRefusals(Optional.empty(), () -> now, new Budgets.BudgetCounts(), events);

        @Test
        void keepsTheLastFiftyTheNewestFirst() {
            for (int i = 0; i < 70; i++) {
                events.add(request("client" + i, "m"), List.of(account(0)), What.CUT);
            }
            assertThat(events.all()).hasSize(RecentEvents.MOST);
            assertThat(events.all().get(0))
                    .isEqualTo(new BudgetEvent(NOW, "client69", "m", List.of("team/payments/day"), What.CUT, 1));
            assertThat(events.all().get(49).client()).isEqualTo("client20");
        }

        @Test
        void countsTheSameEventAgain() {
            events.add(request("ada", "m"), List.of(account(0)), What.CUT);
            for (int i = 0; i < 1000; i++) {
                now = NOW.plusSeconds(i);
                refusals.notAdmitted(request("bob", "m"), new Admission.Spent(account(1000)));
            }
            assertThat(events.all())
                    .satisfiesExactly(
                            newest -> {
                                assertThat(newest.what()).isEqualTo(What.SPENT);
                                assertThat(newest.times()).isEqualTo(1000);
                                assertThat(newest.time()).isEqualTo(NOW.plusSeconds(999));
                            },
                            oldest -> assertThat(oldest.client()).isEqualTo("ada"));
        }

        @Test
        void namesWhatBecameOfARequest() {
            var request = request("ada", "m");
            refusals.notAdmitted(request, new Admission.DatabaseAway());
            refusals.notAdmitted(request, new Admission.TooManySessions());
            refusals.notAdmitted(request, new Admission.LineIsFull(account(0)));
            refusals.notAdmitted(request, new Admission.Waited(account(0)));
            refusals.notAdmitted(request, new Admission.Spent(account(500)));
            refusals.notAdmitted(request, new Admission.Spent(account(1000)));
            assertThat(events.all())
                    .extracting(BudgetEvent::what)
                    .containsExactly(
                            What.SPENT, What.TOO_SMALL, What.WAITED, What.LINE_FULL, What.SESSIONS, What.DATABASE_AWAY);
        }

        /** The model is any text that a client sends. */
        @Test
        void keepsOnlyTheBeginningOfALongModel() {
            events.add(request("ada", "m".repeat(100_000)), List.of(), What.CUT);
            assertThat(events.all().get(0).model())
                    .hasSizeLessThan(100)
                    .startsWith("mmm")
                    .endsWith("…");
        }

        private static Asker request(String client, String model) {
            return new Asker(client, model, Dialect.ANTHROPIC);
        }

        private static AccountView account(long spent) {
            var terms = new BudgetTerms(1000, Period.DAY, ZoneOffset.UTC, BudgetMode.ENFORCE, OnExhausted.CUT);
            var charged = new ChargedBudget(new Budget(BudgetScope.TEAM, "payments", terms), terms.windowAt(NOW), 1);
            var seen = new LeaseState(charged.key(), 0, 0, new Amounts(1000, spent, 0, 0, 0), false);
            return new AccountView(charged, Optional.of(seen), 0, 0, 0, 0);
        }
    }
}
