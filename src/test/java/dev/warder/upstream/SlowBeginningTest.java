package dev.warder.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Connections that take long to be made, by a clock of the test's own. */
class SlowBeginningTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private final AtomicLong clock = new AtomicLong();
    private final CountDownLatch goOn = new CountDownLatch(1);
    private ExchangeGround ground;

    @BeforeEach
    void start() throws Exception {
        ground = ExchangeGround.start(Thread::new, clock::get);
    }

    @AfterEach
    void stop() throws Exception {
        goOn.countDown();
        ground.close();
    }

    @Test
    void aHandshakeMayTakeAsLongAsItsTimeOut() throws Exception {
        ground.upstream().holdTls(goOn);
        var answer = ground.execute();
        ground.upstream().greeted().awaitAtLeast(1, SOON);
        tidyAfterSeconds(29);
        goOn.countDown();
        assertThat(answer.end()).isEqualTo("200");
        assertThat(ground.upstream().accepted().value()).isEqualTo(1);
    }

    @Test
    void anUpstreamThatDoesNotBeginToSpeakIsLeftTenSecondsAfterTheHandshake() throws Exception {
        ground.upstream().holdSettings(goOn);
        var answer = ground.execute();
        ground.upstream().secured().awaitAtLeast(1, SOON);
        tidyAfterSeconds(9);
        assertThat(ground.upstream().open().value()).isEqualTo(1);
        tidyAfterSeconds(2);
        assertThat(answer.end()).contains("SocketTimeoutException");
    }

    private void tidyAfterSeconds(long seconds) {
        clock.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
        ground.client().tidy();
    }
}
