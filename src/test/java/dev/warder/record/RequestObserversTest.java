package dev.warder.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

/** Who receives the end of a request, and when. */
class RequestObserversTest {
    private final List<String> order = new ArrayList<>();
    private final List<Runnable> waiting = new ArrayList<>();

    @Test
    void theFirstObserversReceiveAnExchangeBeforeItsGrantsAreReleased() {
        var record = record(waiting::add);

        record.endExchange(RequestEnd.OK, 1);

        assertThat(order).containsExactly("first", "release");
        waiting.forEach(Runnable::run);
        assertThat(order).containsExactly("first", "release", "other");
    }

    @Test
    void allReceiveAResponseOfWarderAtOnce() {
        var record = record(waiting::add);

        record.end(RequestEnd.REFUSED, 1);

        assertThat(order).containsExactly("first", "other", "release");
        assertThat(waiting).isEmpty();
    }

    private RequestRecord record(Executor later) {
        RequestObserver first = request -> order.add("first");
        RequestObserver other = request -> order.add("other");
        var record = Records.with(new RequestObservers(List.of(first), List.of(other), later, false));
        record.atEnd(() -> order.add("release"));
        return record;
    }
}
