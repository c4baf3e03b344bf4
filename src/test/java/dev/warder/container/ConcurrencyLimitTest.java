package dev.warder.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConcurrencyLimitTest {
    private final ManualThreads threads = new ManualThreads();
    private final List<String> done = new ArrayList<>();
    private final ConcurrencyLimit limit = new ConcurrencyLimit(threads, 2, () -> done.add("full"));

    @Test
    void areGivenToTheNextInOrderAndTellOnceThatTheyAreTaken() {
        for (String task : List.of("a", "b", "c", "d")) {
            limit.execute(() -> done.add(task));
        }
        assertThat(done).containsExactly("full");
        assertThat(threads.waiting()).isEqualTo(2);
        assertThat(limit.busy()).isEqualTo(2);
        threads.runNext();
        threads.runNext();
        assertThat(done).containsExactly("full", "a", "c", "d", "b");
        assertThat(limit.busy()).isZero();
    }
}
