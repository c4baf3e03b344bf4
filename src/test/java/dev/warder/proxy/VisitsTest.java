package dev.warder.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VisitsTest {
    private final ManualThreads threads = new ManualThreads();
    private final Visits visits = new Visits(threads);
    private final List<String> done = new ArrayList<>();

    @Test
    void endsOnAThreadThatMayWait() {
        visits.last(() -> done.add("end"));
        assertThat(done).isEmpty();
        threads.runNext();
        assertThat(done).containsExactly("end");
    }

    @Test
    void endsNotWhileSomebodyIsInside() {
        visits.execute(() -> {
            visits.last(() -> done.add("end"));
            done.add("inside");
        });
        visits.execute(() -> done.add("another"));
        threads.runNext();
        assertThat(done).containsExactly("inside");
        threads.runNext();
        assertThat(done).containsExactly("inside", "another");
        threads.runNext();
        assertThat(done).containsExactly("inside", "another", "end");
    }

    @Test
    void endsAfterAVisitThatFailed() {
        visits.execute(() -> {
            throw new IllegalStateException("a fault");
        });
        visits.last(() -> done.add("end"));
        try {
            threads.runNext();
        } catch (IllegalStateException expected) {
            done.add(expected.getMessage());
        }
        threads.runNext();
        assertThat(done).containsExactly("a fault", "end");
    }
}
