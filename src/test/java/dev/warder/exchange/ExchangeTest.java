package dev.warder.exchange;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.auth.Gate;
import dev.warder.auth.Gates;
import dev.warder.auth.Inquiry;
import dev.warder.auth.Verdict;
import dev.warder.body.MemoryBudget;
import dev.warder.container.ClientThreads.ClientStreams;
import dev.warder.container.SerialTurn;
import dev.warder.exchange.down.ResponseHead;
import dev.warder.exchange.up.RequestHead;
import dev.warder.exchange.up.SteppedContainer;
import dev.warder.http.Field;
import dev.warder.record.Records;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An exchange that ends on another thread than the container calls, and the memory that an open stream keeps. */
class ExchangeTest {
    private static final int LONGEST_SECONDS = 10;
    private static final int MEMORY = 1 << 20;
    private static final UploadGround GROUND = new UploadGround();
    private static final int COLLECTIONS = 20;
    private static final byte[] BODY = "{\"model\":\"claude-x\",\"max_tokens\":9,\"stream\":true}".getBytes(US_ASCII);

    private final CountDownLatch ending = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final SteppedResponse response = new SteppedResponse(new Random(1), false, Runnable::run, task -> {});

    /** Those of the request. */
    private final List<WeakReference<Field>> fields = new ArrayList<>();

    private final SerialTurn turn = SerialTurn.taken(SerialTurn.Threads.of(Runnable::run));
    private final SteppedContainer in = new SteppedContainer(new Random(1), false);

    @AfterAll
    static void close() {
        GROUND.close();
    }

    @Test
    void anErrorOfTheContainerReturnsAfterTheEndByAnotherThread() throws Exception {
        assertThat(returnedAfter(List.of(gate()), Exchange::clientGone, SteppedResponse::lose))
                .isEqualTo(1);
    }

    /** The container would end the request by itself otherwise, while its body is read. */
    @Test
    void anErrorOfTheContainerReturnsAfterTheThreadThatReads() throws Exception {
        assertThat(returnedAfter(List.of(), exchange -> turn.take(this::hold), SteppedResponse::lose))
                .isEqualTo(1);
    }

    /**
     * How often the request was returned when the container's {@code callback} came back, which began before that.
     *
     * @param held what another thread does, which is held meanwhile
     */
    private int returnedAfter(List<Gate> gates, Consumer<Exchange> held, Consumer<SteppedResponse> callback)
            throws Exception {
        var exchange = exchange(new Gates(gates, () -> 0), "/v1/messages", List.of());
        exchange.start();
        var other = started(() -> held.accept(exchange));
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

    private Exchange exchange(Gates gates, String path, List<Field> fields) {
        return UploadGround.exchange(
                GROUND.context(gates, new MemoryBudget(MEMORY)),
                Records.post(path, () -> 0),
                UploadGround.decisions(),
                new RequestHead("POST", "/v1/messages", fields, -1, true, ""),
                turn,
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
                return new Verdict.Later(new CompletableFuture<>(), ExchangeTest.this::hold);
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

    @ParameterizedTest
    @ValueSource(strings = {"/v1/messages", "/anthropic/v1/messages"})
    void aStreamKeepsNoFieldOfItsRequest(String path) {
        var exchange = exchange(path);
        exchange.start();
        in.deliver(BODY);
        in.finish();
        assertThat(isKept()).as("before the response").isTrue();
        exchange.response().head(new ResponseHead(200, List.of(), -1, "", true), taken -> {});
        for (int i = 0; i < COLLECTIONS && isKept(); i++) {
            System.gc();
        }
        assertThat(isKept()).as("during the stream").isFalse();
        assertThat(response.returned()).isZero();
    }

    private boolean isKept() {
        return fields.stream().anyMatch(field -> field.get() != null);
    }

    private Exchange exchange(String path) {
        var field = new Field("X-Field", "1");
        fields.add(new WeakReference<>(field));
        return exchange(new Gates(List.of(), () -> 0), path, List.of(field));
    }
}
