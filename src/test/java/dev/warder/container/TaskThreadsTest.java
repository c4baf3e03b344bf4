package dev.warder.container;

import static dev.warder.container.ManualThreads.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.AsyncContext;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Threads for tasks of exchanges: which ones run them, how many at a time, and when they end. */
class TaskThreadsTest {
    private static final Container TOMCAT = Container.of("Apache Tomcat/10.1.61");
    private final List<String> started = new ArrayList<>();
    private final ManualThreads threads = new ManualThreads();
    private final OwnThreads.InFlightThreads inFlight = new OwnThreads.InFlightThreads(threads);
    private final List<String> done = new ArrayList<>();
    private final ConcurrencyLimit limit = new ConcurrencyLimit(threads, 2, () -> done.add("full"));

    @Test
    void runsOnThreadsOfItsOwnOnTomcat() throws Exception {
        try (var threads = new TaskThreads(TOMCAT, task -> new Thread(task, "tasks"))) {
            var ranOn = new CompletableFuture<String>();
            threads.of(async())
                    .execute(() -> ranOn.complete(Thread.currentThread().getName()));
            assertThat(ranOn.get(20, TimeUnit.SECONDS)).isEqualTo("tasks");
        }
        assertThat(started).isEmpty();
    }

    @Test
    void leavesTasksToOtherContainers() {
        try (var threads = new TaskThreads(Container.of("jetty/12.1.12"), task -> {
            throw new AssertionError("no thread is needed");
        })) {
            threads.of(async()).execute(() -> {});
        }
        assertThat(started).containsExactly("start");
    }

    /** Decoding many large bodies takes seconds. */
    @Test
    void runsATaskBesideOnesThatTakeLong() throws Exception {
        var end = new CountDownLatch(1);
        try (var threads = new TaskThreads(TOMCAT, Thread::new)) {
            for (int i = 0; i < 32; i++) {
                threads.of(async()).execute(() -> await(end));
            }
            var ran = new CountDownLatch(1);
            threads.of(async()).execute(ran::countDown);
            assertThat(ran.await(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            end.countDown();
        }
    }

    /** The caller then runs it itself. */
    @Test
    void takesNoTaskAfterItsEnd() {
        var threads = new TaskThreads(TOMCAT, Thread::new);
        threads.close();
        assertThatThrownBy(() -> threads.of(async()).execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
    }

    private AsyncContext async() {
        return (AsyncContext) Proxy.newProxyInstance(
                TaskThreadsTest.class.getClassLoader(),
                new Class<?>[] {AsyncContext.class},
                (self, method, arguments) -> {
                    started.add(method.getName());
                    return null;
                });
    }

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
        var none = new OwnThreads.InFlightThreads(task -> {
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
