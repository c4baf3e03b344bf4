package dev.warder.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ChunkedReadsTest {
    private static final Container TOMCAT = Container.of("Apache Tomcat/10.1.61");

    @Test
    void runsOnAThreadOfItsOwn() throws Exception {
        var reads = new ChunkedReads(TOMCAT, task -> new Thread(task, "reads"));
        var ranOn = new CompletableFuture<String>();
        reads.execute(() -> ranOn.complete(Thread.currentThread().getName()));
        assertThat(ranOn.get(20, TimeUnit.SECONDS)).isEqualTo("reads");
        reads.close();
    }

    /** The task holds the turn to read: its request would stay open. */
    @Test
    void runsOnTheCallersThreadWhereNoThreadCanBeCreated() {
        var reads = new ChunkedReads(TOMCAT, task -> {
            throw new OutOfMemoryError("unable to create native thread");
        });
        var runs = new AtomicInteger();
        reads.execute(runs::incrementAndGet);
        assertThat(runs).hasValue(1);
        reads.close();
    }

    /** The calling thread may be Tomcat's own, inside a callback. */
    @Test
    void runsOnAThreadOfItsOwnAfterClose() throws Exception {
        var reads = new ChunkedReads(TOMCAT, task -> new Thread(task, "reads"));
        reads.close();
        var ranOn = new CompletableFuture<String>();
        reads.execute(() -> ranOn.complete(Thread.currentThread().getName()));
        assertThat(ranOn.get(20, TimeUnit.SECONDS)).isEqualTo("reads");
    }

    @Test
    void waitsForAThreadThatIsThereWhereNoOtherCanBeCreated() throws Exception {
        var created = new AtomicInteger();
        var reads = new ChunkedReads(TOMCAT, task -> {
            if (created.getAndIncrement() > 0) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            return new Thread(task, "reads");
        });
        var busy = new CountDownLatch(1);
        reads.execute(() -> await(busy));
        var ranOn = new CompletableFuture<String>();
        reads.execute(() -> ranOn.complete(Thread.currentThread().getName()));
        busy.countDown();
        assertThat(ranOn.get(20, TimeUnit.SECONDS)).isEqualTo("reads");
        reads.close();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException stop) {
            throw new AssertionError(stop);
        }
    }

    /** The queue is worked off by threads that stay, whatever a task throws. */
    @Test
    void keepsItsThreadsWhenATaskThrows() throws Exception {
        var created = new AtomicInteger();
        var reads = new ChunkedReads(TOMCAT, task -> {
            created.incrementAndGet();
            return new Thread(task);
        });
        int tasks = 1_000;
        var left = new CountDownLatch(tasks);
        for (int i = 0; i < tasks; i++) {
            reads.execute(() -> {
                left.countDown();
                throw new StackOverflowError("a fault of the test");
            });
        }
        assertThat(left.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(created)
                .hasValueLessThanOrEqualTo(Math.max(4, 2 * Runtime.getRuntime().availableProcessors()));
        reads.close();
    }
}
