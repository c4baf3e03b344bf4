package dev.warder.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SseTapTest {
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
        byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
        for (int cut = 0; cut <= bytes.length; cut++) {
            var tap = new SseTap(EventType::isLast);
            tap.follow(ByteBuffer.wrap(bytes, 0, cut));
            tap.follow(ByteBuffer.wrap(bytes, cut, bytes.length - cut));
            assertThat(tap.terminated()).as("cut at %d", cut).isTrue();
            assertThat(tap.betweenEvents()).as("cut at %d", cut).isTrue();
        }
    }

    @Test
    void followsByteByByteAsItDoesInOnePiece() {
        var stream = "\uFEFFevent: a\r\ndata: {\"t\":\"ü\"}\r\n\r\n: c\n\nevent: message_stop\ndata: {}\n\n";
        var tap = new SseTap(EventType::isLast);
        for (byte b : stream.getBytes(StandardCharsets.UTF_8)) {
            tap.follow(ByteBuffer.wrap(new byte[] {b}));
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
        tap.follow(ByteBuffer.wrap("event: message_stop\n\n".getBytes(StandardCharsets.UTF_8)));
        assertThat(tap.terminated()).isTrue();
    }

    @Test
    void skipsAByteOrderMarkAtTheStart() {
        assertThat(after("\uFEFFevent: error\ndata: {}\n\n").terminated()).isTrue();
    }

    /** A reader sees a field of another name there, and no data. */
    @Test
    void keepsAPartOfAByteOrderMarkInItsLine() {
        var tap = new SseTap(EventType::isLast);
        tap.follow(ByteBuffer.wrap(new byte[] {(byte) 0xEF, (byte) 0xBB}));
        assertThat(tap.betweenEvents()).isFalse();
        tap.follow(ByteBuffer.wrap("data: x\nevent: error\n\n".getBytes(StandardCharsets.UTF_8)));
        assertThat(tap.terminated()).isFalse();
    }

    @Test
    void leavesThePieceAsItWas() {
        var piece = ByteBuffer.wrap("data: 1\n\n".getBytes(StandardCharsets.UTF_8));
        new SseTap(EventType::isLast).follow(piece);
        assertThat(List.of(piece.position(), piece.remaining())).containsExactly(0, 9);
    }

    private static SseTap after(String stream) {
        var tap = new SseTap(EventType::isLast);
        tap.follow(ByteBuffer.wrap(stream.getBytes(StandardCharsets.UTF_8)));
        return tap;
    }
}
