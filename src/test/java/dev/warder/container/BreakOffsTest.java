package dev.warder.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BreakOffsTest {
    private static final long LONG = TimeUnit.MINUTES.toMillis(1);

    private final BreakOffs breakOffs = new BreakOffs(Container.of("Jetty"));

    @Test
    void waitsForNothingWhereNoneIsOpen() throws Exception {
        breakOffs.begin();
        breakOffs.end();
        breakOffs.awaitNone(LONG);
    }

    @Test
    void waitsUntilTheLastHasEnded() throws Exception {
        breakOffs.begin();
        breakOffs.begin();
        var waits = new CountDownLatch(1);
        var waiting = CompletableFuture.runAsync(() -> {
            waits.countDown();
            await();
        });
        assertThat(waits.await(20, TimeUnit.SECONDS)).isTrue();
        breakOffs.end();
        assertThat(waiting).isNotDone();
        breakOffs.end();
        waiting.get(20, TimeUnit.SECONDS);
    }

    /** A container that never ends one does not hold up the end of the application. */
    @Test
    void waitsNoLongerThanItMay() throws Exception {
        breakOffs.begin();
        breakOffs.awaitNone(1);
    }

    private void await() {
        try {
            breakOffs.awaitNone(LONG);
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
    }
}
