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
        sends(20, 25);
        relays(100, 102);
        relays(200, 300);
        // 10 to 13, 20 to 25, 100 to 102.
        assertAdded(3 + 5 + 2);
    }

    @Test
    void leavesOutWhatGatesTake() {
        at(10, latency::read);
        at(11, latency::waiting);
        at(51, latency::admitted);
        at(52, latency::tryBegan);
        sends(52, 52);
        relays(60, 60);
        assertAdded(2);
    }

    @Test
    void ignoresAWaitBeforeTheBodyWasRead() {
        at(1, latency::waiting);
        at(5, latency::read);
        at(41, latency::admitted);
        at(50, latency::read);
        at(52, latency::tryBegan);
        sends(52, 52);
        relays(60, 60);
        assertAdded(2);
    }

    @Test
    void countsTheLastBytesOfABodyThatIsRelayed() {
        at(1, latency::tryBegan);
        at(2, latency::sendBegan);
        at(90, latency::read);
        at(94, latency::sent);
        relays(100, 101);
        assertAdded(4 + 1);
    }

    @Test
    void ignoresTriesThatFailedBeforeTheyWereSent() {
        at(1, latency::tryBegan);
        at(3000, latency::tryBegan);
        sends(3010, 3011);
        sends(3500, 3501);
        relays(4000, 4000);
        assertAdded(1 + 1);
    }

    @Test
    void isUnknownWithoutARequestOrAResponse() {
        assertThat(latency.sum()).isEmpty();
        at(1, latency::tryBegan);
        at(2, latency::sent);
        at(3, latency::delivered);
        assertThat(latency.sum()).isEmpty();
        sends(3, 4);
        assertThat(latency.sum()).isEmpty();
    }

    @Test
    void ignoresWhatWarderItselfSendsBeforeTheUpstream() {
        at(0, latency::tryBegan);
        sends(0, 1);
        at(5, latency::delivered);
        assertThat(latency.sum()).isEmpty();
        relays(9000, 9002);
        assertAdded(1 + 2);
    }

    private void sends(long began, long sent) {
        at(began, latency::sendBegan);
        at(sent, latency::sent);
    }

    private void relays(long arrived, long delivered) {
        at(arrived, latency::arrived);
        at(delivered, latency::delivered);
    }

    private void assertAdded(long nanos) {
        assertThat(latency.sum()).contains(Duration.ofNanos(nanos));
    }

    private void at(long moment, Runnable event) {
        now = moment;
        event.run();
    }
}
