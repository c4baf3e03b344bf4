package dev.warder.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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

    @Test
    void onlyAddsActionsForWhoeverRunsSome() {
        actions.add(List.of("a", "b"), done::add);
        assertThat(done).isEmpty();
        actions.run(() -> done.add("c"));
        assertThat(done).containsExactly("a", "b", "c");
        actions.resume();
        assertThat(done).hasSize(3);
    }

    @Test
    void leavesWhatAnErrorBetweenTwoActionsHasKeptFromRunning() {
        assertThatThrownBy(() -> actions.run(() -> {
                    done.add("first");
                    actions.add(new BrokenList<>(List.of("a", "b", "c"), 1), done::add);
                    actions.run(() -> done.add("last"));
                }))
                .isInstanceOf(InternalError.class);
        assertThat(done).containsExactly("first", "a");
        actions.runIfIdle(() -> done.add("next"));
        assertThat(done).containsExactly("first", "a", "b", "c", "last", "next");
    }

    @Test
    void isAtWorkElsewhereOnlyForOtherThreads() throws Exception {
        var threads = Executors.newSingleThreadExecutor();
        try {
            assertThat(actions.runsElsewhere()).isFalse();
            actions.run(() -> {
                assertThat(actions.runsElsewhere()).isFalse();
                assertThat(onOther(threads)).isTrue();
                done.add("run");
            });
            assertThat(done).containsExactly("run");
            assertThat(actions.runsElsewhere()).isFalse();
            assertThat(onOther(threads)).isFalse();
        } finally {
            threads.shutdown();
        }
    }

    /** A thread that has added actions has not always begun with them. */
    @Test
    void isAtWorkElsewhereWhileActionsWait() {
        actions.add(List.of("a"), done::add);
        assertThat(actions.runsElsewhere()).isTrue();
        actions.resume();
        assertThat(actions.runsElsewhere()).isFalse();
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

    /** Each thread adds two at a time. The list has no lock. */
    @Test
    void keepsTheOrderOfEachOfSeveralThreads() throws Exception {
        int count = 4;
        var order = new ArrayList<int[]>();
        var threads = Executors.newFixedThreadPool(count);
        try {
            var begin = new CyclicBarrier(count);
            var running = new ArrayList<Future<?>>();
            for (int i = 0; i < count; i++) {
                int thread = i;
                running.add(threads.submit(() -> {
                    begin.await();
                    for (int number = 0; number < RACES; number += 2) {
                        actions.add(List.of(new int[] {thread, number}, new int[] {thread, number + 1}), order::add);
                        actions.resume();
                    }
                    return null;
                }));
            }
            for (var each : running) {
                each.get();
            }
        } finally {
            threads.shutdown();
        }
        assertThat(order).hasSize(count * RACES);
        var next = new int[count];
        for (int i = 0; i < order.size(); i++) {
            var each = order.get(i);
            assertThat(each[1]).isEqualTo(next[each[0]]++);
            if (each[1] % 2 == 1) {
                // Those that were added together are done together.
                assertThat(order.get(i - 1)).containsExactly(each[0], each[1] - 1);
            }
        }
    }

    private boolean onOther(ExecutorService threads) {
        try {
            return threads.submit(actions::runsElsewhere).get();
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }
}
