package dev.warder.quota;

import static dev.warder.quota.SampleBudgets.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.http.Dialect;
import dev.warder.policy.BudgetScope;
import dev.warder.quota.BudgetEvent.What;
import dev.warder.quota.CountedRefusals.Asker;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The last cuts and refusals of a node that are shown. */
class RecentEventsTest {
    private Instant now = NOW;
    private final RecentEvents events = new RecentEvents(() -> now);
    private final CountedRefusals refusals =
            new CountedRefusals(Optional.empty(), () -> now, new Budgets.BudgetCounts(), events);

    @Test
    void keepsTheLastFiftyTheNewestFirst() {
        for (int i = 0; i < 70; i++) {
            events.add(asker("client" + i, "m"), List.of(spent(0)), What.CUT);
        }
        assertThat(events.all()).hasSize(RecentEvents.MOST);
        assertThat(events.all().get(0))
                .isEqualTo(new BudgetEvent(NOW, "client69", "m", List.of("team/payments/day"), What.CUT, 1));
        assertThat(events.all().get(49).client()).isEqualTo("client20");
    }

    @Test
    void countsTheSameEventAgain() {
        events.add(asker("ada", "m"), List.of(spent(0)), What.CUT);
        for (int i = 0; i < 1000; i++) {
            now = NOW.plusSeconds(i);
            refusals.notAdmitted(asker("bob", "m"), new Admission.Spent(spent(1000)));
        }
        assertThat(events.all())
                .containsExactly(
                        new BudgetEvent(now, "bob", "m", List.of("team/payments/day"), What.SPENT, 1000),
                        new BudgetEvent(NOW, "ada", "m", List.of("team/payments/day"), What.CUT, 1));
    }

    @Test
    void namesWhatBecameOfARequest() {
        for (var admission : List.of(
                new Admission.DatabaseAway(),
                new Admission.TooManySessions(),
                new Admission.LineIsFull(spent(0)),
                new Admission.Waited(spent(0)),
                new Admission.Spent(spent(500)),
                new Admission.Spent(spent(1000)))) {
            refusals.notAdmitted(asker("ada", "m"), admission);
        }
        assertThat(events.all())
                .extracting(BudgetEvent::what)
                .containsExactly(
                        What.SPENT, What.TOO_SMALL, What.WAITED, What.LINE_FULL, What.SESSIONS, What.DATABASE_AWAY);
    }

    /** The model is any text that a client sends. */
    @Test
    void keepsOnlyTheBeginningOfALongModel() {
        events.add(asker("ada", "m".repeat(100_000)), List.of(), What.CUT);
        assertThat(events.all().get(0).model())
                .hasSizeLessThan(100)
                .startsWith("mmm")
                .endsWith("…");
    }

    private static Asker asker(String client, String model) {
        return new Asker(client, model, Dialect.ANTHROPIC);
    }

    private static AccountView spent(long nanos) {
        return SampleBudgets.spent(SampleBudgets.of(BudgetScope.TEAM, "payments", 1000), nanos);
    }
}
