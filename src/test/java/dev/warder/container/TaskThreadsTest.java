package dev.warder.container;

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

class TaskThreadsTest {
    private static final Container TOMCAT = Container.of("Apache Tomcat/10.1.61");

    private final List<String> started = new ArrayList<>();

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

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
