package dev.warder.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BlockingTurnTest {
    private final ManualThreads threads = new ManualThreads();
    private final AtomicInteger done = new AtomicInteger();

    @Test
    void worksOnAfterWorkThatFailed() {
        var turn = new BlockingTurn(threads, () -> {
            if (done.incrementAndGet() == 1) {
                throw new LinkageError("an error of the test");
            }
        });
        turn.order();
        runIgnoringFaults();
        turn.order();
        assertThat(threads.waiting()).isEqualTo(1);
        threads.runNext();
        assertThat(done).hasValue(2);
    }

    @Test
    void mayBeOrderedAgainWhereThereWasNoThread() {
        var failures = new AtomicInteger(1);
        Executor scarce = task -> {
            if (failures.getAndDecrement() > 0) {
                throw new RejectedExecutionException("says the test");
            }
            threads.execute(task);
        };
        var turn = new BlockingTurn(scarce, done::incrementAndGet);
        assertThatThrownBy(turn::order).isInstanceOf(RejectedExecutionException.class);
        turn.order();
        threads.runNext();
        assertThat(done).hasValue(1);
    }

    private void runIgnoringFaults() {
        try {
            threads.runNext();
        } catch (LinkageError expected) {
            assertThat(expected).hasMessage("an error of the test");
        }
    }
}
