package dev.warder.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.StreamUpstream;
import dev.warder.testkit.TestCertificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.nio.support.BasicRequestProducer;
import org.junit.jupiter.api.Test;

class DyingConnectionTest {
    /**
     * A call that waits on a connection when the reactor sees that the upstream closed it: nothing of it was sent, so it is
     * made on another connection. One call per connection; connection 1 and the last share a reactor thread.
     */
    @Test
    void sendsElsewhereWhatWasNotSentOnAConnectionThatEnds() throws Exception {
        TestCertificate.shared().trustInThisJvm();
        int threads = Runtime.getRuntime().availableProcessors();
        var goOn = new CountDownLatch(1);
        var more = new CountDownLatch(1);
        var close = new CountDownLatch(1);
        try (var upstream = StreamUpstream.start(TestCertificate.shared()).mostStreams(1);
                var client = new UpstreamClient(
                        upstream.uri(), Duration.ofSeconds(5), true, Thread::new, System::nanoTime)) {
            client.start();
            var busy = new ArrayList<Answer>();
            for (int i = 0; i < threads; i++) {
                upstream.next(request -> {
                    request.eventStream();
                    more.await();
                    request.data("first");
                });
                busy.add(Answer.holding(goOn));
                client.execute(true, request(client), busy.get(i), busy.get(i));
                upstream.take();
            }
            upstream.next(request -> {
                request.json(200, "{}");
                close.await();
                request.closeConnection();
            });
            var last = Answer.taken();
            client.execute(true, request(client), last, last);
            assertThat(last.end()).isEqualTo("200");
            more.countDown();
            for (var answer : busy) {
                answer.awaitPiece();
            }
            close.countDown();
            upstream.open().await(now -> now == threads, Duration.ofSeconds(10));
            var second = Answer.taken();
            client.execute(true, request(client), second, second);
            goOn.countDown();
            assertThat(second.end()).isEqualTo("200");
        }
    }

    private static BasicRequestProducer request(UpstreamClient client) {
        return new BasicRequestProducer(new BasicHttpRequest("GET", client.host(), "/v1/models"), null);
    }
}
