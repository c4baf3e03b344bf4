package dev.warder.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class OffloadExecutorTest {
    private static final int SMALL = 4 * 1024;

    private final List<Runnable> threads = new ArrayList<>();
    private final List<Throwable> faults = new ArrayList<>();
    private final List<String> done = new ArrayList<>();
    private final OffloadExecutor offload = new OffloadExecutor(threads::add, faults::add);

    @Test
    void aSmallBodyIsReadOnThisThread() {
        offload.run(SMALL, () -> done.add("small"));
        assertThat(done).containsExactly("small");
        assertThat(threads).isEmpty();
    }

    @Test
    void aLargeBodyIsReadOnAnotherThread() {
        offload.run(SMALL + 1, () -> done.add("large"));
        assertThat(done).isEmpty();
        threads.get(0).run();
        assertThat(done).containsExactly("large");
    }

    @Test
    void withoutAnotherThreadItIsReadOnThisOne() {
        // The executors of application servers throw the second when the application stops.
        for (var noThread : List.of(new RejectedExecutionException(), new IllegalStateException())) {
            var none = new OffloadExecutor(
                    work -> {
                        throw noThread;
                    },
                    faults::add);
            none.run(SMALL + 1, () -> done.add("large"));
            none.run(SMALL + 1, () -> fail("large"));
        }
        assertThat(done).containsExactly("large", "large");
        assertThat(faults).hasSize(2);
    }

    @Test
    void aFaultEndsTheExchangeOnEitherThread() {
        offload.run(1, () -> fail("small"));
        offload.run(SMALL + 1, () -> fail("large"));
        threads.get(0).run();
        assertThat(faults).extracting(Throwable::getMessage).containsExactly("small", "large");
    }

    private static void fail(String what) {
        throw new StackOverflowError(what);
    }
}
