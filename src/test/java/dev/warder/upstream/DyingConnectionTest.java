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

/** Calls on connections that end. */
class DyingConnectionTest {
    private final CountDownLatch goOn = new CountDownLatch(1);
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

    /**
     * A call that waits on a connection when the reactor sees that the upstream closed it: nothing of it was sent, so it is
     * made on another connection. One call per connection; connection 1 and the last share a reactor thread.
     */
    @Test
    void sendsElsewhereWhatWasNotSentOnAConnectionThatEnds() throws Exception {
        int threads = Runtime.getRuntime().availableProcessors();
        var more = new CountDownLatch(1);
        var close = new CountDownLatch(1);
        calls.upstream().mostStreams(1);
        var busy = new ArrayList<Answer>();
        for (int i = 0; i < threads; i++) {
            calls.upstream().next(request -> {
                request.eventStream();
                more.await();
                request.data("first");
            });
            busy.add(Answer.holding(goOn));
            calls.execute(busy.get(i));
            calls.upstream().take();
        }
        calls.upstream().next(request -> {
            request.json(200, "{}");
            close.await();
            request.closeConnection();
        });
        var last = calls.execute();
        assertThat(last.end()).isEqualTo("200");
        more.countDown();
        for (var answer : busy) {
            answer.awaitPiece();
        }
        close.countDown();
        calls.upstream().open().await(now -> now == threads, Duration.ofSeconds(10));
        var second = calls.execute();
        goOn.countDown();
        assertThat(second.end()).isEqualTo("200");
    }

    /** On the connection that breaks, no try is made again: HttpCore gives a call back before it closes the session. */
    @Test
    void sendsElsewhereWhatWaitsOnAConnectionThatBreaks() throws Exception {
        calls.upstream().next(request -> {
            request.head(200);
            request.breakProtocol("first");
        });
        var broken = Answer.holding(goOn);
        calls.execute(broken);
        broken.awaitPiece();
        var waiting = Stream.generate(calls::execute).limit(5).toList();
        goOn.countDown();
        for (var answer : waiting) {
            assertThat(answer.end()).isEqualTo("200");
        }
        assertThat(broken.end()).contains("Exception");
        assertThat(calls.upstream().requests()).hasSize(6);
        assertThat(calls.upstream().accepted().value()).isEqualTo(2);
    }

    @Test
    void givesUpOnAnUpstreamThatAlwaysGoesAwayAtOnce() throws Exception {
        calls.upstream().goAwayAtOnce();
        var answer = calls.execute();
        assertThat(answer.end()).contains("RequestNotExecutedException");
        assertThat(calls.upstream().requests()).isEmpty();
        assertThat(calls.upstream().accepted().value()).isEqualTo(4);
    }

    /** The code of the whole connection says nothing of a stream that the upstream may have started on. */
    @Test
    void sendsNothingAgainWhenTheConnectionEndsWithTheCodeOfARefusedStream() throws Exception {
        calls.upstream().next(request -> request.goAway(request.id(), StreamRequest.REFUSED_STREAM));
        var answer = calls.execute();
        assertThat(answer.end()).contains("H2StreamResetException");
        assertThat(calls.upstream().requests()).hasSize(1);
    }
}
