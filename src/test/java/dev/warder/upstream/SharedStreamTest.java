package dev.warder.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.StreamRequest;
import dev.warder.testkit.StreamUpstream;
import dev.warder.testkit.TestCertificate;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.apache.hc.core5.http.nio.support.BasicRequestProducer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls on one connection beside another that goes on. */
class SharedStreamTest {
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final CountDownLatch more = new CountDownLatch(1);
    private final CompletableFuture<@Nullable Void> closed = new CompletableFuture<>();
    private StreamUpstream upstream;
    private UpstreamClient client;

    @BeforeEach
    void start() throws Exception {
        TestCertificate.shared().trustInThisJvm();
        upstream = StreamUpstream.start(TestCertificate.shared());
        client = new UpstreamClient(upstream.uri(), Duration.ofSeconds(5), true, Thread::new, System::nanoTime);
        client.start();
    }

    @AfterEach
    void stop() throws Exception {
        goOn.countDown();
        closed.complete(null);
        client.close();
        upstream.close();
    }

    @Test
    void sendsNothingOfACallThatIsCancelledBeforeTheReactorsTurn() throws Exception {
        var neighbour = neighbour();
        var cancelled = execute(Answer.taken());
        var next = Answer.taken();
        execute(next);
        cancelled.cancel();
        cancelled.cancel();
        goOn.countDown();
        assertThat(next.end()).isEqualTo("200");
        more.countDown();
        assertThat(neighbour.end()).isEqualTo("200");
        var last = Answer.taken();
        execute(last);
        assertThat(last.end()).isEqualTo("200");
        assertThat(upstream.requests())
                .hasSize(3)
                .extracting(StreamRequest::connection)
                .containsOnly(1);
    }

    /** On the connection that breaks, no try is made again: HttpCore gives a call back before it closes the session. */
    @Test
    void sendsElsewhereWhatWaitsOnAConnectionThatBreaks() throws Exception {
        upstream.next(request -> {
            request.head(200);
            request.breakProtocol("first");
        });
        var broken = Answer.holding(goOn);
        execute(broken);
        broken.awaitPiece();
        var waiting = Stream.generate(Answer::taken).limit(5).toList();
        waiting.forEach(this::execute);
        goOn.countDown();
        for (var answer : waiting) {
            assertThat(answer.end()).isEqualTo("200");
        }
        assertThat(broken.end()).contains("Exception");
        assertThat(upstream.requests()).hasSize(6);
        assertThat(upstream.accepted().value()).isEqualTo(2);
    }

    @Test
    void givesUpOnAnUpstreamThatAlwaysGoesAwayAtOnce() throws Exception {
        upstream.goAwayAtOnce();
        var answer = Answer.taken();
        execute(answer);
        assertThat(answer.end()).contains("RequestNotExecutedException");
        assertThat(upstream.requests()).isEmpty();
        assertThat(upstream.accepted().value()).isEqualTo(4);
    }

    /** The code of the whole connection says nothing of a stream that the upstream may have started on. */
    @Test
    void sendsNothingAgainWhenTheConnectionEndsWithTheCodeOfARefusedStream() throws Exception {
        upstream.next(request -> request.goAway(request.id(), StreamRequest.REFUSED_STREAM));
        var answer = Answer.taken();
        execute(answer);
        assertThat(answer.end()).contains("H2StreamResetException");
        assertThat(upstream.requests()).hasSize(1);
    }

    @Test
    void sendsARefusedRequestAgainOnTheSameConnection() throws Exception {
        upstream.next(request -> request.reset(StreamRequest.REFUSED_STREAM));
        var answer = Answer.taken();
        execute(answer);
        assertThat(answer.end()).isEqualTo("200");
        assertThat(upstream.requests())
                .hasSize(2)
                .extracting(StreamRequest::connection)
                .containsOnly(1);
    }

    /** What a call makes of its answer is no business of its neighbours. */
    @Test
    void aFaultAtTheEndOfAnAnswerLeavesTheNeighboursWhole() throws Exception {
        var neighbour = neighbour();
        goOn.countDown();
        upstream.next(request -> request.onlyHead(204));
        var first = Answer.throwing();
        execute(first);
        assertThat(first.end()).contains("a fault");
        var second = Answer.throwing();
        execute(second);
        assertThat(second.end()).contains("a fault");
        more.countDown();
        assertThat(neighbour.end()).isEqualTo("200");
        assertThat(upstream.accepted().value()).isEqualTo(1);
    }

    @Test
    void aFaultOfARequestBodyLeavesTheNeighboursWhole() throws Exception {
        var neighbour = neighbour();
        goOn.countDown();
        var answer = Answer.taken();
        execute(answer, new BrokenContent());
        assertThat(answer.end()).contains("a fault");
        more.countDown();
        assertThat(neighbour.end()).isEqualTo("200");
        assertThat(upstream.accepted().value()).isEqualTo(1);
    }

    /** With reactor threads that take long to end: whoever waits for those of HTTP/1.1 is interrupted. */
    @Test
    void closesEveryConnectionThoughTheThreadIsInterrupted() throws Exception {
        var slow = new UpstreamClient(upstream.uri(), Duration.ofSeconds(5), true, this::slow, System::nanoTime);
        slow.start();
        var answer = Answer.taken();
        slow.execute(true, request(null), answer, answer);
        assertThat(answer.end()).isEqualTo("200");
        Thread.currentThread().interrupt();
        slow.close();
        assertThat(Thread.interrupted()).isTrue();
        upstream.open().await(now -> now == 0, Duration.ofSeconds(10));
    }

    private Thread slow(Runnable task) {
        return new Thread(() -> {
            task.run();
            closed.join();
        });
    }

    /** A call whose first piece holds the reactor's thread until {@code goOn}, and whose end comes after {@code more}. */
    private Answer neighbour() throws Exception {
        upstream.next(request -> {
            request.head(200);
            request.data("first");
            more.await();
            request.data("more");
            request.end();
        });
        var answer = Answer.holding(goOn);
        execute(answer);
        answer.awaitPiece();
        return answer;
    }

    private UpstreamCall execute(Answer answer) {
        return execute(answer, null);
    }

    private UpstreamCall execute(Answer answer, @Nullable AsyncEntityProducer content) {
        return client.execute(true, request(content), answer, answer);
    }

    private BasicRequestProducer request(@Nullable AsyncEntityProducer content) {
        return new BasicRequestProducer(new BasicHttpRequest("POST", client.host(), "/v1/messages"), content);
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
