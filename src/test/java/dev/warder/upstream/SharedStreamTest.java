package dev.warder.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.StreamRequest;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls on one connection beside another that goes on. */
class SharedStreamTest {
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final CountDownLatch more = new CountDownLatch(1);
    private Calls calls;

    @BeforeEach
    void start() throws Exception {
        calls = Calls.start();
    }

    @AfterEach
    void stop() throws Exception {
        goOn.countDown();
        calls.close();
    }

    @Test
    void sendsNothingOfACallThatIsCancelledBeforeTheReactorsTurn() throws Exception {
        var neighbour = neighbour();
        var cancelled = calls.execute(Answer.taken());
        var next = calls.execute();
        cancelled.cancel();
        cancelled.cancel();
        goOn.countDown();
        assertThat(next.end()).isEqualTo("200");
        more.countDown();
        assertThat(neighbour.end()).isEqualTo("200");
        var last = calls.execute();
        assertThat(last.end()).isEqualTo("200");
        assertThat(calls.upstream().requests())
                .hasSize(3)
                .extracting(StreamRequest::connection)
                .containsOnly(1);
    }

    @Test
    void sendsARefusedRequestAgainOnTheSameConnection() throws Exception {
        calls.upstream().next(request -> request.reset(StreamRequest.REFUSED_STREAM));
        var answer = calls.execute();
        assertThat(answer.end()).isEqualTo("200");
        assertThat(calls.upstream().requests())
                .hasSize(2)
                .extracting(StreamRequest::connection)
                .containsOnly(1);
    }

    /** What a call makes of its answer is no business of its neighbours. */
    @Test
    void aFaultAtTheEndOfAnAnswerLeavesTheNeighboursWhole() throws Exception {
        var neighbour = neighbour();
        goOn.countDown();
        calls.upstream().next(request -> request.onlyHead(204));
        var first = Answer.throwing();
        calls.execute(first);
        assertThat(first.end()).contains("a fault");
        var second = Answer.throwing();
        calls.execute(second);
        assertThat(second.end()).contains("a fault");
        more.countDown();
        assertThat(neighbour.end()).isEqualTo("200");
        assertThat(calls.upstream().accepted().value()).isEqualTo(1);
    }

    @Test
    void aFaultOfARequestBodyLeavesTheNeighboursWhole() throws Exception {
        var neighbour = neighbour();
        goOn.countDown();
        var answer = Answer.taken();
        calls.execute(answer, new BrokenContent());
        assertThat(answer.end()).contains("a fault");
        more.countDown();
        assertThat(neighbour.end()).isEqualTo("200");
        assertThat(calls.upstream().accepted().value()).isEqualTo(1);
    }

    /** A call whose first piece holds the reactor's thread until {@code goOn}, and whose end comes after {@code more}. */
    private Answer neighbour() throws Exception {
        calls.upstream().next(request -> {
            request.head(200);
            request.data("first");
            more.await();
            request.data("more");
            request.end();
        });
        var answer = Answer.holding(goOn);
        calls.execute(answer);
        answer.awaitPiece();
        return answer;
    }
}
