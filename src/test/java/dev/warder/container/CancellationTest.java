package dev.warder.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CancellationTest {
    private static final int RACES = 20_000;

    /** After as long a thread waits for a lock that is never released. */
    private static final int LONGEST_SECONDS = 10;

    private final List<String> done = new ArrayList<>();
    private final Cancellation cancellation = new Cancellation();

    @Test
    void runsEachActionOnceInTheOrderOfTheParts() {
        cancellation.add(() -> done.add("a"));
        cancellation.add(() -> done.add("b"));
        assertThat(cancellation.isCancelled()).isFalse();
        assertThat(cancellation.cancel()).isTrue();
        assertThat(cancellation.cancel()).isFalse();
        assertThat(done).containsExactly("a", "b");
        assertThat(cancellation.isCancelled()).isTrue();
    }

    @Test
    void runsAtOnceWhatIsAddedAfterTheCancellation() {
        cancellation.cancel();
        cancellation.add(() -> done.add("late"));
        assertThat(done).containsExactly("late");
    }

    @Test
    void leavesWhatIsOfferedAfterTheCancellationToItsCaller() {
        assertThat(cancellation.offer(() -> done.add("early"))).isTrue();
        cancellation.cancel();
        assertThat(cancellation.offer(() -> done.add("late"))).isFalse();
        assertThat(done).containsExactly("early");
    }

    @Test
    void removesTheActionOfAPartThatHasEnded() {
        Runnable ended = () -> done.add("ended");
        cancellation.add(ended);
        cancellation.add(() -> done.add("open"));
        assertThat(cancellation.remove(ended)).isTrue();
        assertThat(cancellation.remove(ended)).isFalse();
        cancellation.cancel();
        assertThat(done).containsExactly("open");
    }

    @Test
    void removesNothingAfterTheCancellation() {
        Runnable action = () -> done.add("a");
        cancellation.add(action);
        cancellation.cancel();
        assertThat(cancellation.remove(action)).isFalse();
    }

    @Test
    void runsEachActionThoughOneBeforeItThrows() {
        cancellation.add(() -> {
            throw new IllegalStateException("first");
        });
        cancellation.add(() -> {
            throw new AssertionError("second");
        });
        cancellation.add(() -> done.add("last"));
        assertThatThrownBy(cancellation::cancel).hasMessage("first");
        assertThat(done).containsExactly("last");
    }

    /** An action may be what calls the cancellation again, or adds another part. */
    @Test
    void holdsNoLockWhileAnActionRuns() throws Exception {
        var threads = Executors.newSingleThreadExecutor();
        try {
            cancellation.add(() -> {
                done.add("run");
                // A second run would wait for the thread that it is on.
                assertThat(done).containsExactly("run");
                join(threads.submit(() -> {
                    cancellation.cancel();
                    cancellation.add(() -> done.add("added"));
                }));
            });
            cancellation.cancel();
            assertThat(done).containsExactly("run", "added");
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void runsAnActionExactlyOnceWhicheverThreadIsFirst() throws Exception {
        int late = 0;
        var threads = Executors.newSingleThreadExecutor();
        try {
            var begin = new CyclicBarrier(2);
            for (int i = 0; i < RACES; i++) {
                var raced = new Cancellation();
                var runs = new AtomicInteger();
                var other = threads.submit(() -> {
                    begin.await();
                    return raced.cancel();
                });
                begin.await();
                boolean first = raced.offer(runs::incrementAndGet);
                if (!first) {
                    late++;
                    raced.add(runs::incrementAndGet);
                }
                assertThat(other.get()).isTrue();
                assertThat(runs).hasValue(1);
            }
        } finally {
            threads.shutdown();
        }
        System.out.println("[cancellation] the cancellation was first in " + late + " of " + RACES + " races");
    }

    @Test
    void cancelsOnceOrRemovesWhicheverThreadIsFirst() throws Exception {
        var threads = Executors.newSingleThreadExecutor();
        try {
            var begin = new CyclicBarrier(2);
            for (int i = 0; i < RACES; i++) {
                var raced = new Cancellation();
                var runs = new AtomicInteger();
                Runnable action = runs::incrementAndGet;
                raced.add(action);
                var other = threads.submit(() -> {
                    begin.await();
                    return raced.cancel();
                });
                begin.await();
                boolean removed = raced.remove(action);
                assertThat(other.get()).isTrue();
                assertThat(runs).hasValue(removed ? 0 : 1);
            }
        } finally {
            threads.shutdown();
        }
    }

    private static void join(Future<?> task) {
        try {
            task.get(LONGEST_SECONDS, TimeUnit.SECONDS);
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }
}
