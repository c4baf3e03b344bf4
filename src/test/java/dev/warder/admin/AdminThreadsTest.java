package dev.warder.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.container.TaskPool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AdminThreadsTest {
    private static final long SECONDS = 20;
    private static final int AT_ONCE = 4;
    private static final int WAITING = 16;

    private final CountDownLatch goesOn = new CountDownLatch(1);
    private final AdminThreads threads = new AdminThreads(Thread::new);
    private final AdminThreads.Share ada = share("ada");
    private final AdminThreads.Share eve = share("eve");

    @AfterEach
    void end() {
        goesOn.countDown();
        threads.close();
    }

    private int await(CountDownLatch begun) throws InterruptedException {
        begun.countDown();
        assertThat(goesOn.await(SECONDS, TimeUnit.SECONDS)).isTrue();
        return 1;
    }

    @Test
    void someRunSomeWaitAndMoreAreRefused() throws Exception {
        var begun = new CountDownLatch(AT_ONCE);
        List<CompletableFuture<Integer>> all = new ArrayList<>();
        for (int i = 0; i < AT_ONCE + WAITING / 2; i++) {
            all.add(eve.query(() -> await(begun)));
        }
        assertFails(eve, RejectedExecutionException.class);
        for (int i = 0; i < WAITING / 4; i++) {
            all.add(ada.query(() -> await(begun)));
        }
        assertFails(ada, RejectedExecutionException.class);
        for (String other : List.of("ben", "ben", "cat", "dan")) {
            all.add(share(other).query(() -> await(begun)));
        }
        assertThat(begun.await(SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(all).noneMatch(CompletableFuture::isDone);
        assertFails(share("fay"), RejectedExecutionException.class);
        assertThat(eve.export(() -> 1)).as("exports have others").succeedsWithin(Duration.ofSeconds(SECONDS));
        threads.close();
        assertFails(eve, TaskPool.StoppedException.class);
        assertThat(all.subList(AT_ONCE, all.size())).as("those that wait").allSatisfy(each -> assertThat(each)
                .isCompletedExceptionally()
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isExactlyInstanceOf(TaskPool.StoppedException.class));
        goesOn.countDown();
        assertThat(all.subList(0, AT_ONCE)).as("those that run").allSatisfy(each -> assertThat(each)
                .succeedsWithin(Duration.ofSeconds(SECONDS)));
    }

    private AdminThreads.Share share(String caller) {
        return new AdminThreads.Share(threads, caller, () -> false);
    }

    private static void assertFails(AdminThreads.Share caller, Class<? extends Exception> how) {
        assertThat(caller.query(() -> 1))
                .failsWithin(Duration.ofSeconds(SECONDS))
                .withThrowableThat()
                .havingCause()
                .isExactlyInstanceOf(how);
    }

    @Test
    void isNotBegunAfterItsRequestHasEnded() {
        var begun = new CountDownLatch(1);
        var late = new AdminThreads.Share(threads, "ada", () -> true);
        assertThat(late.query(() -> await(begun)))
                .failsWithin(Duration.ofSeconds(SECONDS))
                .withThrowableOfType(CancellationException.class);
        assertThat(begun.getCount()).isEqualTo(1);
    }

    @Test
    void hasAFixedNumberOfPlaces() {
        for (int i = 0; i < WAITING / 2; i++) {
            assertThat(eve.enter()).isTrue();
        }
        assertThat(eve.enter()).as("one caller has half of them").isFalse();
        for (int i = 0; i < WAITING / 4; i++) {
            assertThat(ada.enter()).isTrue();
        }
        assertThat(ada.enter()).as("and another one half of the rest").isFalse();
        assertThat(share("ben").enter()).isTrue();
        eve.leave();
        assertThat(eve.enter()).as("while fewer are free than it has").isFalse();
    }
}
