package dev.warder.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.StreamRequest;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Exchanges on one connection beside another that goes on. */
class SharedStreamTest {
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final CountDownLatch more = new CountDownLatch(1);
    private ExchangeGround ground;

    @BeforeEach
    void start() throws Exception {
        ground = ExchangeGround.start();
    }

    @AfterEach
    void stop() throws Exception {
        goOn.countDown();
        ground.close();
    }

    @Test
    void sendsNothingOfACallThatIsCancelledBeforeTheReactorsTurn() throws Exception {
        var neighbour = neighbour();
        var cancelled = ground.execute(Answer.taken());
        var next = ground.execute();
        cancelled.cancel();
        cancelled.cancel();
        goOn.countDown();
        assertThat(next.end()).isEqualTo("200");
        more.countDown();
        assertThat(neighbour.end()).isEqualTo("200");
        var last = ground.execute();
        assertThat(last.end()).isEqualTo("200");
        assertThat(ground.upstream().requests())
                .hasSize(3)
                .extracting(StreamRequest::connection)
                .containsOnly(1);
    }

    /** What an exchange makes of its answer is no business of its neighbours. */
    @Test
    void aFaultAtTheEndOfAnAnswerLeavesTheNeighboursWhole() throws Exception {
        var neighbour = neighbour();
        goOn.countDown();
        ground.upstream().next(request -> request.onlyHead(204));
        var first = Answer.throwing();
        ground.execute(first);
        assertThat(first.end()).contains("a fault");
        var second = Answer.throwing();
        ground.execute(second);
        assertThat(second.end()).contains("a fault");
        more.countDown();
        assertThat(neighbour.end()).isEqualTo("200");
        assertThat(ground.upstream().accepted().value()).isEqualTo(1);
    }

    @Test
    void aFaultOfARequestBodyLeavesTheNeighboursWhole() throws Exception {
        var neighbour = neighbour();
        goOn.countDown();
        var answer = Answer.taken();
        ground.execute(answer, new BrokenContent());
        assertThat(answer.end()).contains("a fault");
        more.countDown();
        assertThat(neighbour.end()).isEqualTo("200");
        assertThat(ground.upstream().accepted().value()).isEqualTo(1);
    }

    /** An exchange whose first piece holds the reactor's thread until {@code goOn}, and whose end comes after {@code more}. */
    private Answer neighbour() throws Exception {
        ground.upstream().next(request -> {
            request.head(200);
            request.data("first");
            more.await();
            request.data("more");
            request.end();
        });
        var answer = Answer.holding(goOn);
        ground.execute(answer);
        answer.awaitPiece();
        return answer;
    }
}
