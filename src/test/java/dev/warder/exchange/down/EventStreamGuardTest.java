package dev.warder.exchange.down;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class EventStreamGuardTest {
    private static final String JSON = "{\"type\":\"error\"}";

    @Test
    void acceptsALastEventWithoutAnEmptyLineAtTheEnd() {
        assertThat(guard("event: message_stop\ndata: {}\n").terminatedAtEnd()).isTrue();
        assertThat(guard("event: message_start\ndata: {}\n\n").terminatedAtEnd())
                .isFalse();
    }

    @Test
    void readsNoBytesOfWholeEvents() {
        var guard = new EventStreamGuard(StreamPosition.inWholeEvents());
        assertThat(text(guard.comment())).isEqualTo(": keep-alive\n\n");
        guard.follow(bytes("event: message_stop\ndata: {}\n\n"));
        guard.follow(bytes("data: 1"));
        assertThat(guard.awaitsEvent()).isTrue();
        assertThat(guard.terminatedAtEnd()).isFalse();
        assertThat(text(guard.fail(bytes(JSON)))).isEqualTo("event: error\ndata: {\"type\":\"error\"}\n\n");
    }

    @Test
    void addsNothingAfterTheLastOfWholeEvents() {
        var guard = new EventStreamGuard(StreamPosition.inWholeEvents());
        guard.followLast(bytes("data: [DONE]\n\n"));
        assertThat(guard.terminatedAtEnd()).isTrue();
        assertThat(guard.awaitsEvent()).isFalse();
        assertThat(guard.comment()).isEmpty();
        assertThat(guard.fail(bytes(JSON))).isEmpty();
    }

    private static String error(String soFar) {
        return text(guard(soFar).fail(bytes(JSON)));
    }

    private static EventStreamGuard guard(String soFar) {
        var guard = new EventStreamGuard(StreamPosition.inBytes());
        guard.follow(bytes(soFar));
        return guard;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
