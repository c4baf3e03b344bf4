package dev.warder.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventStreamGuardTest {
    private static final String JSON = "{\"type\":\"error\"}";

    @Test
    void standsBetweenEventsBeforeTheFirstByte() {
        assertThat(after("").betweenEvents()).isTrue();
    }

    @Test
    void standsWithinAnEventUntilItsBlankLine() {
        assertThat(after("event: ping\n").betweenEvents()).isFalse();
        assertThat(after("event: ping\ndata: {}\n").betweenEvents()).isFalse();
        assertThat(after("event: ping\ndata: {}\n\n").betweenEvents()).isTrue();
    }

    @Test
    void knowsALineThatHasNotEnded() {
        assertThat(after("data: {").withinLine()).isTrue();
        assertThat(after("data: {}\r").withinLine()).isFalse();
        assertThat(after("data: {}\n").withinLine()).isFalse();
    }

    @Test
    void takesACommentForNoEvent() {
        assertThat(after(": still here\n").betweenEvents()).isTrue();
        assertThat(after(": still").betweenEvents()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "event: message_stop\ndata: {}\n\n",
                "event:message_stop\ndata:{}\n\n",
                "event: message_stop\r\ndata: {}\r\n\r\n",
                "event: message_stop\rdata: {}\r\r",
                "data: {}\nevent: message_stop\n\n",
                ": x\nid: 7\nevent: error\ndata: {\"type\":\"error\"}\n\n",
            })
    void seesATerminalEventAtEveryCut(String stream) {
        byte[] bytes = bytes(stream);
        for (int cut = 0; cut <= bytes.length; cut++) {
            var tap = EventStreamGuard.inBytes();
            tap.follow(Arrays.copyOfRange(bytes, 0, cut));
            tap.follow(Arrays.copyOfRange(bytes, cut, bytes.length));
            assertThat(tap.terminated()).as("cut at %d", cut).isTrue();
            assertThat(tap.betweenEvents()).as("cut at %d", cut).isTrue();
        }
    }

    @Test
    void followsByteByByteAsItDoesInOnePiece() {
        var stream = "\uFEFFevent: a\r\ndata: {\"t\":\"ü\"}\r\n\r\n: c\n\nevent: message_stop\ndata: {}\n\n";
        var tap = EventStreamGuard.inBytes();
        for (byte b : stream.getBytes(StandardCharsets.UTF_8)) {
            tap.follow(new byte[] {b});
        }
        assertThat(tap.terminated()).isTrue();
        assertThat(tap.betweenEvents()).isTrue();
    }

    @Test
    void ignoresAnEventWithoutDataAsReadersDo() {
        assertThat(after("event: message_stop\n\n").terminated()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"event: message_stop\ndata: {}\n\n", "event: error\ndata: {}\n", "event: error\ndata: {}"})
    void takesALastEventWithoutItsEmptyLineForWholeAtTheEnd(String stream) {
        assertThat(after(stream).terminatedAtEnd()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"event: message_stop", "event: message_stop\n", "event: error\ndatum: {}", "event: error\ndata"})
    void missesTheDataOfALastEventAtTheEnd(String stream) {
        assertThat(after(stream).terminatedAtEnd()).isFalse();
    }

    @Test
    void forgetsTheNameOfAnEventOnceDispatched() {
        assertThat(after("event: message_stop\n\ndata: {}\n\n").terminated()).isFalse();
    }

    @Test
    void doesNotTakeDataThatSpeaksOfAnEventForOne() {
        assertThat(after("data: event: message_stop\n\n").terminated()).isFalse();
        assertThat(after("event: message_stopped\ndata: {}\n\n").terminated()).isFalse();
        assertThat(after("events: message_stop\ndata: {}\n\n").terminated()).isFalse();
    }

    @Test
    void passesOverLinesOfAnyLength() {
        var tap = after("data: " + "x".repeat(1_000_000) + "\n");
        assertThat(tap.betweenEvents()).isFalse();
        tap.follow(bytes("event: message_stop\n\n"));
        assertThat(tap.terminated()).isTrue();
    }

    @Test
    void skipsAByteOrderMarkAtTheStart() {
        assertThat(after("\uFEFFevent: error\ndata: {}\n\n").terminated()).isTrue();
    }

    /** A reader sees a field of another name there, and no data. */
    @Test
    void keepsAPartOfAByteOrderMarkInItsLine() {
        var tap = EventStreamGuard.inBytes();
        tap.follow(new byte[] {(byte) 0xEF, (byte) 0xBB});
        assertThat(tap.betweenEvents()).isFalse();
        tap.follow(bytes("data: x\nevent: error\n\n"));
        assertThat(tap.terminated()).isFalse();
    }

    @Test
    void readsNoBytesOfWholeEvents() {
        var guard = EventStreamGuard.inWholeEvents();
        assertThat(text(guard.comment())).isEqualTo(": keep-alive\n\n");
        guard.follow(bytes("event: message_stop\ndata: {}\n\n"));
        guard.follow(bytes("data: 1"));
        assertThat(guard.awaitsEvent()).isTrue();
        assertThat(guard.terminatedAtEnd()).isFalse();
        assertThat(text(guard.fail(bytes(JSON)))).isEqualTo("event: error\ndata: {\"type\":\"error\"}\n\n");
    }

    @Test
    void addsNothingAfterTheLastOfWholeEvents() {
        var guard = EventStreamGuard.inWholeEvents();
        guard.followLast(bytes("data: [DONE]\n\n"));
        assertThat(guard.terminatedAtEnd()).isTrue();
        assertThat(guard.awaitsEvent()).isFalse();
        assertThat(guard.comment()).isEmpty();
        assertThat(guard.fail(bytes(JSON))).isEmpty();
    }

    private static EventStreamGuard after(String stream) {
        var tap = EventStreamGuard.inBytes();
        tap.follow(bytes(stream));
        return tap;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
