package dev.warder.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class AddedLatencyTest {
    private long now;
    private final AddedLatency latency = new AddedLatency(() -> now);

    @Test
    void isTheTimeBeforeSendingAndBeforeTheContainerReceives() {
        at(10, latency::read);
        at(13, latency::tryBegan);
        at(20, latency::sendBegan);
        at(25, latency::sent);
        at(100, latency::arrived);
        at(102, latency::delivered);
        at(200, latency::arrived);
        at(300, latency::delivered);
        // 10 to 13, 20 to 25, 100 to 102.
        assertThat(latency.sum()).contains(Duration.ofNanos(3 + 5 + 2));
    }

    @Test
    void leavesOutWhatGatesTake() {
        at(10, latency::read);
        at(11, latency::waiting);
        at(51, latency::admitted);
        at(52, latency::tryBegan);
        at(52, latency::sendBegan);
        at(52, latency::sent);
        at(60, latency::arrived);
        at(60, latency::delivered);
        assertThat(latency.sum()).contains(Duration.ofNanos(2));
    }

    @Test
    void ignoresAWaitBeforeTheBodyWasRead() {
        at(1, latency::waiting);
        at(5, latency::read);
        at(41, latency::admitted);
        at(50, latency::read);
        at(52, latency::tryBegan);
        at(52, latency::sendBegan);
        at(52, latency::sent);
        at(60, latency::arrived);
        at(60, latency::delivered);
        assertThat(latency.sum()).contains(Duration.ofNanos(2));
    }

    @Test
    void countsTheLastBytesOfABodyThatIsRelayed() {
        at(1, latency::tryBegan);
        at(2, latency::sendBegan);
        at(90, latency::read);
        at(94, latency::sent);
        at(100, latency::arrived);
        at(101, latency::delivered);
        assertThat(latency.sum()).contains(Duration.ofNanos(4 + 1));
    }

    @Test
    void ignoresTriesThatFailedBeforeTheyWereSent() {
        at(1, latency::tryBegan);
        at(3000, latency::tryBegan);
        at(3010, latency::sendBegan);
        at(3011, latency::sent);
        at(3500, latency::sendBegan);
        at(3501, latency::sent);
        at(4000, latency::arrived);
        at(4000, latency::delivered);
        assertThat(latency.sum()).contains(Duration.ofNanos(1 + 1));
    }

    @Test
    void isUnknownWithoutARequestOrAResponse() {
        assertThat(latency.sum()).isEmpty();
        at(1, latency::tryBegan);
        at(2, latency::sent);
        at(3, latency::delivered);
        assertThat(latency.sum()).isEmpty();
        at(3, latency::sendBegan);
        at(4, latency::sent);
        assertThat(latency.sum()).isEmpty();
    }

    @Test
    void ignoresWhatWarderItselfSendsBeforeTheUpstream() {
        at(0, latency::tryBegan);
        at(0, latency::sendBegan);
        at(1, latency::sent);
        at(5, latency::delivered);
        assertThat(latency.sum()).isEmpty();
        at(9000, latency::arrived);
        at(9002, latency::delivered);
        assertThat(latency.sum()).contains(Duration.ofNanos(1 + 2));
    }

    private void at(long moment, Runnable event) {
        now = moment;
        event.run();
    }
}
