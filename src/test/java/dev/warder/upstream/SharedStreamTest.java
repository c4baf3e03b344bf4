package dev.warder.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.StreamRequest;
import dev.warder.testkit.StreamUpstream;
import dev.warder.testkit.TestCertificate;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.nio.support.BasicRequestProducer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls on one connection beside another that goes on. */
class SharedStreamTest {
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final CountDownLatch more = new CountDownLatch(1);
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
        var request = new BasicRequestProducer(new BasicHttpRequest("GET", client.host(), "/v1/models"), null);
        return client.execute(request, answer, answer);
    }
}
