package dev.warder.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class InFlightThreadsTest {
    private final ManualThreads threads = new ManualThreads();
    private final InFlightThreads inFlight = new InFlightThreads(threads);
    private final List<String> done = new ArrayList<>();

    @Test
    void endsOnAThreadThatMayWait() {
        inFlight.last(() -> done.add("end"));
        assertThat(done).isEmpty();
        threads.runNext();
        assertThat(done).containsExactly("end");
    }

    @Test
    void endsNotWhileSomebodyIsInside() {
        inFlight.execute(() -> {
            inFlight.last(() -> done.add("end"));
            done.add("inside");
        });
        inFlight.execute(() -> done.add("another"));
        threads.runNext();
        assertThat(done).containsExactly("inside");
        threads.runNext();
        assertThat(done).containsExactly("inside", "another");
        threads.runNext();
        assertThat(done).containsExactly("inside", "another", "end");
    }

    @Test
    void endsAfterAVisitThatFailed() {
        inFlight.execute(() -> {
            throw new IllegalStateException("a fault");
        });
        inFlight.last(() -> done.add("end"));
        try {
            threads.runNext();
        } catch (IllegalStateException expected) {
            done.add(expected.getMessage());
        }
        threads.runNext();
        assertThat(done).containsExactly("a fault", "end");
    }

    @Test
    void endsOnTheThreadThatAsksWhereThereIsNoOther() {
        var none = new InFlightThreads(task -> {
            throw new RejectedExecutionException("says the test");
        });
        assertThatThrownBy(() -> none.execute(() -> done.add("never"))).isInstanceOf(RejectedExecutionException.class);
        none.last(() -> done.add("end"));
        assertThat(done).containsExactly("end");
    }

    @Test
    void endsWithoutAVisitThatStillWaitsForItsTurnElsewhere() {
        var elsewhere = new ManualThreads();
        inFlight.on(elsewhere).execute(() -> done.add("never"));
        inFlight.last(() -> done.add("end"));
        threads.runNext();
        elsewhere.runNext();
        assertThat(done).containsExactly("end");
    }

    @Test
    void endsNotWhileSomebodyFromElsewhereIsInside() {
        var elsewhere = new ManualThreads();
        inFlight.on(elsewhere).execute(() -> {
            inFlight.last(() -> done.add("end"));
            threads.runNext();
            done.add("inside");
        });
        elsewhere.runNext();
        assertThat(done).containsExactly("inside", "end");
    }
}
