package dev.warder.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SseReaderEventsTest {
    private static final SseEvent PING = new SseEvent("ping", "{\"t\":\"\u00fc\"}");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "event: ping\ndata: {\"t\":\"\u00fc\"}\n\n",
                "event:ping\r\ndata:{\"t\":\"\u00fc\"}\r\n\r\n",
                "event: ping\rdata: {\"t\":\"\u00fc\"}\r\r",
                "\uFEFFevent: ping\ndata: {\"t\":\"\u00fc\"}\n\n",
                ": comment\n\n:\nid: 7\ndata: {\"t\":\"\u00fc\"}\nretry: 9\nevent: ping\n\n",
                "event: pong\nevent: ping\nevents: pong\ndatum\ndata: {\"t\":\"\u00fc\"}\r\n\n",
            })
    void readsAnEventAtEveryCut(String stream) throws Exception {
        byte[] bytes = utf8(stream + "data: next\n\n");
        for (int cut = 0; cut <= bytes.length; cut++) {
            var events = new ArrayList<SseEvent>();
            var reader = reader(1000, events);
            reader.feed(ByteBuffer.wrap(bytes, 0, cut));
            reader.feed(ByteBuffer.wrap(bytes, cut, bytes.length - cut));
            assertThat(events).as("cut at %d", cut).containsExactly(PING, new SseEvent("message", "next"));
        }
    }

    @Test
    void readsByteByByteAsInOnePiece() throws Exception {
        String stream = "\uFEFFevent: a\r\ndata: 1\r\ndata: \u20ac\r\n\r\n: c\n\ndata\n\ndata: 3\r\rdata: never";
        var events = new ArrayList<SseEvent>();
        var reader = reader(1000, events);
        for (byte b : utf8(stream)) {
            reader.feed(ByteBuffer.wrap(new byte[] {b}));
        }
        assertThat(events).isEqualTo(events(1000, stream)).hasSize(3);
    }

    @Test
    void joinsTheLinesOfTheData() throws Exception {
        assertThat(events(1000, "data: a\ndata:\ndata:  b\n\n")).containsExactly(new SseEvent("message", "a\n\n b"));
    }

    @Test
    void takesEmptyDataForData() throws Exception {
        assertThat(events(1000, "data\n\n")).containsExactly(new SseEvent("message", ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "\n\n\r\r", "event: ping\n\n", ": comment\n\n", "data: open", "data: open\n", "\uFEFF\n"})
    void tellsNoEventWithoutDataAndItsEnd(String stream) throws Exception {
        assertThat(events(1000, stream)).isEmpty();
    }

    @Test
    void forgetsTheNameOfAnEventWithoutData() throws Exception {
        assertThat(events(1000, "event: error\n\ndata: 1\n\n")).containsExactly(new SseEvent("message", "1"));
    }

    @Test
    void takesAByteOrderMarkForOneAtTheBeginningOnly() throws Exception {
        assertThat(events(1000, "data: 1\n\n\uFEFFdata: 2\n\ndata: 3\n\n"))
                .extracting(SseEvent::data)
                .containsExactly("1", "3");
    }

    @Test
    void takesAnEventAsLargeAsTheLimit() throws Exception {
        assertThat(events(12, "data: 1\n: 456\n\ndata: 1\n: 456\n\n")).hasSize(2);
    }

    @Test
    void refusesAnEventThatIsOneByteLarger() {
        assertThatThrownBy(() -> events(11, "data: 1\n: 456\n\n")).isInstanceOf(EventTooLargeException.class);
    }

    @Test
    void refusesALineWithoutEnd() {
        assertThatThrownBy(() -> events(1000, ":" + "x".repeat(1000))).isInstanceOf(EventTooLargeException.class);
    }

    @Test
    void leavesThePieceAsItWas() throws Exception {
        var piece = ByteBuffer.wrap(utf8("data: 1\n\n"));
        reader(100, new ArrayList<>()).feed(piece);
        assertThat(List.of(piece.position(), piece.remaining())).containsExactly(0, 9);
    }

    private static List<SseEvent> events(int limit, String stream) throws EventTooLargeException {
        var events = new ArrayList<SseEvent>();
        reader(limit, events).feed(ByteBuffer.wrap(utf8(stream)));
        return events;
    }

    /** A reader whose events are added to {@code events}. */
    static SseReader reader(int limit, List<SseEvent> events) {
        var self = new AtomicReference<@Nullable SseReader>();
        var reader = new SseReader(
                limit,
                (bytes, from, to) -> events.add(new SseEvent(
                        Objects.requireNonNull(self.get()).name(),
                        new String(bytes, from, to - from, StandardCharsets.UTF_8))));
        self.set(reader);
        return reader;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
