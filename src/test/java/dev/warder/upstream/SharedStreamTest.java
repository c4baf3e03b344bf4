package dev.warder.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.StreamRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Exchanges that share a connection, also one that ends. */
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

    /**
     * An exchange that waits on a connection when the reactor sees that the upstream closed it: nothing of it was sent,
     * so it is made on another connection. One exchange per connection; connection 1 and the last share a reactor
     * thread.
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

    /**
     * On the connection that breaks, nothing is sent again: HttpCore gives an exchange back before it closes the
     * session.
     */
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

    /** A body that fails when it is asked for. */
    private static final class BrokenContent implements AsyncEntityProducer {
        @Override
        public int available() {
            return 1;
        }

        @Override
        public void produce(DataStreamChannel channel) {
            throw new IllegalStateException("a fault");
        }

        @Override
        public boolean isRepeatable() {
            return false;
        }

        @Override
        public void failed(Exception cause) {}

        @Override
        public void releaseResources() {}

        @Override
        public long getContentLength() {
            return 5;
        }

        @Override
        public @Nullable String getContentType() {
            return null;
        }

        @Override
        public @Nullable String getContentEncoding() {
            return null;
        }

        @Override
        public boolean isChunked() {
            return false;
        }

        @Override
        public Set<String> getTrailerNames() {
            return Set.of();
        }
    }
}
