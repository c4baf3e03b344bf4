package dev.warder.quota.rate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.BudgetScope;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DueLimitsTest {
    private final DueLimits<Slots> due = new DueLimits<>();

    @Test
    void takesWhatIsWaitedForFirstAndOneOfTheOthersAfterFour() {
        for (int i = 0; i < 3; i++) {
            due.add(limit("other" + i));
        }
        for (int i = 0; i < 6; i++) {
            due.addUrgent(limit("urgent" + i));
        }
        assertThat(all())
                .containsExactly(
                        "urgent0", "urgent1", "urgent2", "urgent3", "other0", "urgent4", "urgent5", "other1", "other2");
    }

    @Test
    void hasEachOnceOfEachKind() {
        var limit = limit("a");
        due.add(limit);
        due.add(limit);
        due.addUrgent(limit);
        due.addUrgent(limit);
        assertThat(due.size()).isEqualTo(2);
        assertThat(all()).containsExactly("a", "a");
        assertThat(limit.isDue() || limit.isUrgent()).isFalse();
        due.add(limit);
        assertThat(all()).containsExactly("a");
    }

    private List<String> all() {
        var names = new ArrayList<String>();
        while (due.size() > 0) {
            names.add(due.next().orElseThrow().key().owner().name());
        }
        assertThat(due.next()).isEmpty();
        return names;
    }

    private static Slots limit(String client) {
        return new Slots(new LimitKey(BudgetScope.CLIENT, client, LimitKind.CONCURRENT), 9, Sharing.byDatabase(), 0);
    }
}
