package dev.warder.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.StreamRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Exchanges on connections that end. */
class DyingConnectionTest {
    private final CountDownLatch goOn = new CountDownLatch(1);
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

    /**
     * An exchange that waits on a connection when the reactor sees that the upstream closed it: nothing of it was sent, so it is
     * made on another connection. One exchange per connection; connection 1 and the last share a reactor thread.
     */
    @Test
    void sendsElsewhereWhatWasNotSentOnAConnectionThatEnds() throws Exception {
        int threads = Runtime.getRuntime().availableProcessors();
        var more = new CountDownLatch(1);
        var close = new CountDownLatch(1);
        ground.upstream().mostStreams(1);
        var busy = new ArrayList<Answer>();
        for (int i = 0; i < threads; i++) {
            ground.upstream().next(request -> {
                request.eventStream();
                more.await();
                request.data("first");
            });
            busy.add(Answer.holding(goOn));
            ground.execute(busy.get(i));
            ground.upstream().take();
        }
        ground.upstream().next(request -> {
            request.json(200, "{}");
            close.await();
            request.closeConnection();
        });
        var last = ground.execute();
        assertThat(last.end()).isEqualTo("200");
        more.countDown();
        for (var answer : busy) {
            answer.awaitPiece();
        }
        close.countDown();
        ground.upstream().open().await(now -> now == threads, Duration.ofSeconds(10));
        var second = ground.execute();
        goOn.countDown();
        assertThat(second.end()).isEqualTo("200");
    }

    /** On the connection that breaks, nothing is sent again: HttpCore gives an exchange back before it closes the session. */
    @Test
    void sendsElsewhereWhatWaitsOnAConnectionThatBreaks() throws Exception {
        ground.upstream().next(request -> {
            request.head(200);
            request.breakProtocol("first");
        });
        var broken = Answer.holding(goOn);
        ground.execute(broken);
        broken.awaitPiece();
        var waiting = Stream.generate(ground::execute).limit(5).toList();
        goOn.countDown();
        for (var answer : waiting) {
            assertThat(answer.end()).isEqualTo("200");
        }
        assertThat(broken.end()).contains("Exception");
        assertThat(ground.upstream().requests()).hasSize(6);
        assertThat(ground.upstream().accepted().value()).isEqualTo(2);
    }

    @Test
    void givesUpOnAnUpstreamThatAlwaysGoesAwayAtOnce() throws Exception {
        ground.upstream().goAwayAtOnce();
        var answer = ground.execute();
        assertThat(answer.end()).contains("RequestNotExecutedException");
        assertThat(ground.upstream().requests()).isEmpty();
        assertThat(ground.upstream().accepted().value()).isEqualTo(4);
    }

    /** The code of the whole connection says nothing of a stream that the upstream may have started on. */
    @Test
    void sendsNothingAgainWhenTheConnectionEndsWithTheCodeOfARefusedStream() throws Exception {
        ground.upstream().next(request -> request.goAway(request.id(), StreamRequest.REFUSED_STREAM));
        var answer = ground.execute();
        assertThat(answer.end()).contains("H2StreamResetException");
        assertThat(ground.upstream().requests()).hasSize(1);
    }
}
