package dev.warder.container;

import static dev.warder.container.ManualThreads.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Limit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The threads that read request bodies, and the order in which bodies are read. */
class ReadTurnsTest {
    private static final long LARGE = 300_000;
    private static final Container TOMCAT = Container.of("Apache Tomcat/10.1.61");

    private final Queue<Runnable> selector = new ArrayDeque<>();
    private final ReadTurns turns = new ReadTurns(selector::add, task -> new Thread(task, "reads"), 1);

    /** The first client has three bodies under way, each of three pieces. */
    @Test
    void goesRoundTheClients() throws Exception {
        var order = new LinkedBlockingQueue<String>();
        var queued = new CountDownLatch(1);
        var begun = new CountDownLatch(1);
        turns.of(LARGE, "first").first().execute(() -> {
            begun.countDown();
            await(queued);
        });
        begun.await();
        for (var body : List.of("busy 1", "busy 2", "busy 3", "other", "third")) {
            var turn = new SerialTurn(turns.of(LARGE, body.split(" ")[0]));
            turn.take(piece(turn, body, order));
        }
        queued.countDown();
        var seen = new ArrayList<String>();
        while (seen.size() < 15) {
            seen.add(order.poll(Limit.seconds(20).toMillis(), TimeUnit.MILLISECONDS));
        }
        assertThat(seen.subList(0, 9))
                .containsExactly("busy 1", "other", "third", "busy 2", "other", "third", "busy 3", "other", "third");
        turns.close();
    }

    /** Only the thread that has the turn counts. */
    private static Runnable piece(SerialTurn turn, String body, Queue<String> order) {
        var left = new AtomicInteger(3);
        return () -> {
            order.add(body);
            if (left.decrementAndGet() > 0) {
                turn.take(() -> {});
            }
        };
    }

    @Test
    void leavesSmallBodiesToTheSelectors() {
        var done = new ArrayList<String>();
        var turn = new SerialTurn(turns.of(60_000, "client"));
        turn.take(() -> {
            done.add("piece");
            if (done.size() < 3) {
                turn.take(() -> {});
            }
        });
        assertThat(done).hasSize(1);
        selector.remove().run();
        assertThat(done).hasSize(2);
        selector.remove().run();
        assertThat(done).hasSize(3);
        assertThat(selector).isEmpty();
    }

    @Test
    void readsOnTheCallersThreadAfterTheEnd() {
        var done = new ArrayList<String>();
        turns.close();
        turns.of(LARGE, "client")
                .first()
                .execute(() -> done.add(Thread.currentThread().getName()));
        assertThat(done).containsExactly(Thread.currentThread().getName());
    }

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
