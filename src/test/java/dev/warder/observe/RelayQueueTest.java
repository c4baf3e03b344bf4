package dev.warder.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RelayQueueTest {
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    private final AtomicLong now = new AtomicLong(1);
    private final RelayQueue queue = new RelayQueue(new RelayQueue.Limits(8, 100), now::get);

    @Test
    void clientsTakeTurns() throws Exception {
        offer("a", 1);
        offer("a", 1);
        offer("b", 1);
        var order = new ArrayList<String>();
        for (int i = 0; i < 3; i++) {
            var next = take();
            order.add(next.message.client());
            queue.remove(next);
        }
        assertThat(order).containsExactly("a", "b", "a");
        assertThat(queue.take(0)).isEmpty();
        assertThat(queue.messages()).isZero();
        assertThat(queue.bytes()).isZero();
    }

    @Test
    void aMessageThatIsDelayedHoldsUpItsClientOnly() throws Exception {
        offer("a", 1);
        offer("a", 2);
        offer("b", 3);
        var first = take();
        queue.delay(first, MINUTE);
        var other = take();
        assertThat(other.message.client()).isEqualTo("b");
        queue.remove(other);
        now.addAndGet(MINUTE);
        assertThat(take()).isSameAs(first);
    }

    @Test
    void oneClientHasAQuarterOfTheRoom() {
        assertThat(offer("a", 1)).isTrue();
        assertThat(offer("a", 1)).isTrue();
        assertThat(offer("a", 1)).isFalse();
        assertThat(queue.messages()).isEqualTo(2);
        assertThat(queue.bytes()).isEqualTo(2);
    }

    @Test
    void oneClientHasAQuarterOfTheBytes() {
        assertThat(offer("a", 10)).isTrue();
        assertThat(offer("a", 16)).isFalse();
        assertThat(offer("a", 15)).isTrue();
        assertThat(queue.messages()).isEqualTo(2);
        assertThat(queue.bytes()).isEqualTo(25);
    }

    @Test
    void eachClientMayAddOneLargeMessage() throws Exception {
        assertThat(offer("a", 25)).isTrue();
        assertThat(offer("a", 1)).isFalse();
        assertThat(offer("b", 25)).isTrue();
        assertThat(offer("b", 1)).isFalse();
        assertThat(offer("c", 51)).as("more than is free").isFalse();
        assertThat(offer("c", 50)).isTrue();
        assertThat(offer("d", 1)).isFalse();
        queue.remove(take());
        assertThat(offer("d", 25)).isTrue();
        assertThat(queue.bytes()).isEqualTo(100);
    }

    @Test
    void eachClientMayAddOneMessageUntilTheirNumberIsReached() {
        for (int i = 0; i < 8; i++) {
            assertThat(offer("client" + i, 1)).isTrue();
        }
        assertThat(offer("another", 1)).isFalse();
    }

    @Test
    void clientsThatSendAllTheyMayLeaveRoomForAnother() throws Exception {
        var large = new RelayQueue(new RelayQueue.Limits(1_000, 16 << 20), now::get);
        for (var client : List.of("a", "b", "c", "d")) {
            fill(large, client);
        }
        assertThat(large.messages()).isBetween(600, 700);
        assertThat(fill(large, "e")).isGreaterThan(50);
        for (int i = 0; i < 100; i++) {
            fill(large, "further" + i);
        }
        assertThat(large.messages()).isBetween(900, 1_000);
    }

    private static int fill(RelayQueue queue, String client) {
        int taken = 0;
        while (queue.offer(message(client, 1))) {
            taken++;
        }
        return taken;
    }

    @Test
    void endsAWaitWhenItIsClosed() throws Exception {
        var waiting = new Thread(() -> {
            try {
                queue.take(TimeUnit.HOURS.toNanos(1));
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        });
        waiting.start();
        offer("a", 1);
        var taken = take();
        queue.delay(taken, MINUTE);
        assertThat(queue.close()).isEqualTo(1);
        waiting.join(TimeUnit.SECONDS.toMillis(10));
        assertThat(waiting.isAlive()).isFalse();
        assertThat(offer("a", 1)).isFalse();
        assertThat(queue.take(MINUTE)).isEmpty();
    }

    private RelayQueue.Entry take() throws InterruptedException {
        return queue.take(0).orElseThrow();
    }

    private boolean offer(String client, int length) {
        return queue.offer(message(client, length));
    }

    private static RelayMessage message(String client, int length) {
        return new RelayMessage(Signal.METRICS, client, "application/x-protobuf", Optional.empty(), new byte[length]);
    }
}
