package dev.warder.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.body.MemoryBudget;
import dev.warder.container.ClientStreams;
import dev.warder.container.SerialTurn;
import dev.warder.exchange.up.RequestHead;
import dev.warder.exchange.up.SteppedContainer;
import dev.warder.gate.Gate;
import dev.warder.gate.Gates;
import dev.warder.gate.Inquiry;
import dev.warder.gate.Verdict;
import dev.warder.record.Records;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * A container's thread that reports an error while another thread ends the exchange. Tomcat ends the request by itself when
 * the callback returns, and gives its response to another client then, so the end must be there before.
 */
class ConcurrentEndTest {
    private static final int LONGEST_SECONDS = 10;
    private static final int MEMORY = 1 << 20;
    private static final UploadGround GROUND = new UploadGround();

    private final CountDownLatch ending = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final SteppedResponse response = new SteppedResponse(new Random(1), false, Runnable::run, task -> {});

    @AfterAll
    static void close() {
        GROUND.close();
    }

    @Test
    void anErrorOfTheContainerReturnsAfterTheEndByAnotherThread() throws Exception {
        assertThat(returnedAfter(SteppedResponse::lose)).isEqualTo(1);
    }

    @Test
    void theStopOfTheApplicationReturnsAfterTheEndByAnotherThread() throws Exception {
        assertThat(returnedAfter(SteppedResponse::timeOut)).isEqualTo(1);
    }

    /** How often the request was returned when the container's {@code callback} came back, which began before that. */
    private int returnedAfter(Consumer<SteppedResponse> callback) throws Exception {
        var exchange = exchange();
        exchange.start();
        var other = started(exchange::clientGone);
        try {
            assertThat(ending.await(LONGEST_SECONDS, TimeUnit.SECONDS)).isTrue();
            var returned = new CompletableFuture<Integer>();
            var container = started(() -> {
                callback.accept(response);
                returned.complete(response.returned());
            });
            awaitBlocked(container);
            goOn.countDown();
            return returned.get(LONGEST_SECONDS, TimeUnit.SECONDS);
        } finally {
            goOn.countDown();
            other.join(TimeUnit.SECONDS.toMillis(LONGEST_SECONDS));
        }
    }

    /** Until the thread waits for another one, or has ended without that. */
    private static void awaitBlocked(Thread thread) {
        long end = System.nanoTime() + Duration.ofSeconds(LONGEST_SECONDS).toNanos();
        while (thread.getState() == Thread.State.RUNNABLE && System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
    }

    private static Thread started(Runnable task) {
        var thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private Exchange exchange() {
        var context = GROUND.context(new Gates(List.of(gate()), () -> 0), new MemoryBudget(MEMORY));
        var in = new SteppedContainer(new Random(1), false);
        return UploadGround.exchange(
                context,
                Records.message(() -> 0),
                UploadGround.decisions(),
                new RequestHead("POST", "/v1/messages", List.of(), -1, true, ""),
                SerialTurn.taken(SerialTurn.Threads.of(Runnable::run)),
                response.async(),
                new ClientStreams(in, response.out(), Runnable::run));
    }

    /** Never decides, and holds the thread that withdraws from it: the one that ends the exchange. */
    private Gate gate() {
        return new Gate() {
            @Override
            public Needs needs() {
                return Needs.HEAD;
            }

            @Override
            public Verdict ask(Inquiry inquiry) {
                return new Verdict.Later(new CompletableFuture<>(), ConcurrentEndTest.this::hold);
            }
        };
    }

    private void hold() {
        ending.countDown();
        try {
            assertThat(goOn.await(LONGEST_SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
