package dev.warder.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.StreamUpstream;
import dev.warder.testkit.TestCertificate;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.nio.support.BasicRequestProducer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Connections that take long to be made, by a clock of the test's own. */
class SlowBeginningTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private final AtomicLong clock = new AtomicLong();
    private final CountDownLatch goOn = new CountDownLatch(1);
    private StreamUpstream upstream;
    private UpstreamClient client;

    @BeforeEach
    void start() throws Exception {
        TestCertificate.shared().trustInThisJvm();
        upstream = StreamUpstream.start(TestCertificate.shared());
        client = new UpstreamClient(upstream.uri(), Duration.ofSeconds(30), true, Thread::new, clock::get);
        client.start();
    }

    @AfterEach
    void stop() throws Exception {
        goOn.countDown();
        client.close();
        upstream.close();
    }

    @Test
    void aHandshakeMayTakeAsLongAsItsTimeOut() throws Exception {
        upstream.holdTls(goOn);
        var answer = execute();
        upstream.greeted().awaitAtLeast(1, SOON);
        tidyAfterSeconds(29);
        goOn.countDown();
        assertThat(answer.end()).isEqualTo("200");
        assertThat(upstream.accepted().value()).isEqualTo(1);
    }

    @Test
    void anUpstreamThatDoesNotBeginToSpeakIsLeftTenSecondsAfterTheHandshake() throws Exception {
        upstream.holdSettings(goOn);
        var answer = execute();
        upstream.secured().awaitAtLeast(1, SOON);
        tidyAfterSeconds(9);
        assertThat(upstream.open().value()).isEqualTo(1);
        tidyAfterSeconds(2);
        assertThat(answer.end()).contains("SocketTimeoutException");
    }

    private Answer execute() {
        var answer = Answer.taken();
        var request = new BasicHttpRequest("GET", client.host(), "/v1/models");
        client.execute(true, new BasicRequestProducer(request, null), answer, answer);
        return answer;
    }

    private void tidyAfterSeconds(long seconds) {
        clock.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
        client.tidy();
    }
}
