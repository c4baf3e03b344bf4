package dev.warder.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class SerialActionsTest {
    private static final int RACES = 5_000;

    private final List<String> done = new ArrayList<>();
    private final SerialActions actions = new SerialActions();

    @Test
    void runsAnActionOfAnActionAfterIt() {
        actions.run(() -> {
            actions.run(() -> done.add("inner"));
            done.add("outer");
        });
        assertThat(done).containsExactly("outer", "inner");
    }

    @Test
    void runsEachActionThoughOneBeforeItThrows() {
        assertThatThrownBy(() -> actions.run(() -> {
                    actions.run(() -> done.add("next"));
                    actions.run(() -> {
                        throw new IllegalStateException("second");
                    });
                    throw new IllegalStateException("first");
                }))
                .hasMessage("first")
                .satisfies(fault -> assertThat(fault.getSuppressed()).hasSize(1));
        actions.run(() -> done.add("later"));
        assertThat(done).containsExactly("next", "later");
    }

    @Test
    void leavesOutWhatIsOnlyForIdleTimes() {
        actions.run(() -> actions.runIfIdle(() -> done.add("busy")));
        actions.runIfIdle(() -> done.add("idle"));
        assertThat(done).containsExactly("idle");
    }

    /** The counter has no lock, so that actions which overlapped would lose a count. */
    @Test
    void runsEachActionOfTwoThreadsWithoutOverlap() throws Exception {
        var counter = new int[1];
        var threads = Executors.newSingleThreadExecutor();
        try {
            var begin = new CyclicBarrier(2);
            var other = threads.submit(() -> {
                begin.await();
                for (int i = 0; i < RACES; i++) {
                    actions.run(() -> counter[0]++);
                }
                return null;
            });
            begin.await();
            for (int i = 0; i < RACES; i++) {
                actions.run(() -> counter[0]++);
            }
            other.get();
        } finally {
            threads.shutdown();
        }
        assertThat(counter[0]).isEqualTo(2 * RACES);
    }
}
