package dev.warder.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SseReaderTest {
    private static final String DATA = "{\"t\":\"\u00fc\u20ac\"}";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "event: ping\ndata: {\"t\":\"\u00fc\u20ac\"}\n\n",
                "event:ping\r\ndata:{\"t\":\"\u00fc\u20ac\"}\r\n\r\n",
                "event: ping\rdata: {\"t\":\"\u00fc\u20ac\"}\r\r",
                "\uFEFFevent: ping\ndata: {\"t\":\"\u00fc\u20ac\"}\n\n",
                ": comment\n\n:\nid: 7\ndata: {\"t\":\"\u00fc\u20ac\"}\nretry: 9\nevent: ping\n\n",
                "event: pong\ndatum\ndatas: 1\ndata: {\"t\":\"\u00fc\u20ac\"}\r\n\n",
            })
    void readsTheDataAtEveryTwoCuts(String stream) throws Exception {
        byte[] bytes = utf8(stream + "data: next\n\n");
        for (int first = 0; first <= bytes.length; first++) {
            for (int second = first; second <= bytes.length; second++) {
                var data = new ArrayList<String>();
                var reader = reader(1000, data);
                reader.feed(bytes, 0, first);
                reader.feed(bytes, first, second);
                reader.feed(bytes, second, bytes.length);
                assertThat(data).as("cut at %d and %d", first, second).containsExactly(DATA, "next");
            }
        }
    }

    @Test
    void readsRandomStreamsAsThePlainParserDoes() throws Exception {
        var random = new Random(6);
        String near = "\u000b\u000c\u000e\u008a\u008d\u010a\u010d";
        String[] words = {"data", ":", " ", "\n", "\r", "\r\n", "x", "\u20ac", "event", "\n\n", "data: a\n", near};
        for (int run = 0; run < 2000; run++) {
            var stream = new StringBuilder();
            random.ints(30, 0, words.length).forEach(i -> stream.append(words[i]));
            byte[] bytes = utf8(stream.toString());
            var expected = new ArrayList<SseEvent>();
            new PlainSseParser(1000, expected::add).feed(ByteBuffer.wrap(bytes));
            var events = new ArrayList<SseEvent>();
            var reader = readerOfEvents(1000, events);
            for (int at = 0; at < bytes.length; ) {
                int length = Math.min(bytes.length - at, 1 + random.nextInt(40));
                reader.feed(bytes, at, at + length);
                at += length;
            }
            assertThat(events).as(stream.toString()).isEqualTo(expected);
        }
    }

    @Test
    void readsALargeEventWithSeveralLinesAndTheNextOne() throws Exception {
        String large = "x".repeat(50_000);
        var data = new ArrayList<String>();
        var reader = reader(200_000, data);
        for (String piece : List.of("data: " + large, large + "\ndata: " + large, "\n\nda", "ta: b\n", "data: c\n\n")) {
            feed(reader, utf8(piece), 0);
        }
        assertThat(data).containsExactly(large + large + "\n" + large, "b\nc");
    }

    @ParameterizedTest
    @ValueSource(strings = {"data: 1", "data: 1\n", "data: 1\r", "data: 1\n: comment", "data: 1\n\n"})
    void takesTheLastEventForWholeAtTheEnd(String stream) throws Exception {
        var data = new ArrayList<String>();
        var reader = reader(100, data);
        feed(reader, utf8(stream), 0);
        reader.end();
        assertThat(data).containsExactly("1");
    }

    @Test
    void takesAnEventAsLargeAsTheLimitAndRefusesALargerOneAtEveryCut() throws Exception {
        byte[] bytes = utf8("data: 1\n: 456\n\ndata: 1\n: 456\n\n");
        for (int cut = 0; cut <= bytes.length; cut++) {
            var data = new ArrayList<String>();
            feed(reader(12, data), bytes, cut);
            assertThat(data).hasSize(2);
            int at = cut;
            assertThatThrownBy(() -> feed(reader(11, new ArrayList<>()), bytes, at))
                    .isInstanceOf(EventTooLargeException.class);
        }
    }

    @Test
    void readsFramesBetweenEventsOnlyAndEachEventOnceAtEveryCut() throws Exception {
        byte[] bytes = utf8("data: 1\n\ndata: 2\n\ndata: 3\n\nid: 4\ndata: 4\n\n: 5\n\ndata: 6\r\n\r\ndata: 7\n\n");
        for (int cut = 0; cut <= bytes.length; cut++) {
            var data = new ArrayList<String>();
            var frames = new ArrayList<String>();
            feed(reader(100, data, frames), bytes, cut);
            assertThat(data).as("cut at " + cut).containsExactly("1", "2", "3", "4", "6", "7");
            if (cut == 0) {
                assertThat(frames).containsExactly("2", "3", "7");
            }
        }
    }

    @Test
    void readsNoFrameBeyondTheLimit() throws Exception {
        byte[] bytes = utf8("data: 1\n\ndata: 2\n\n");
        for (int limit = 7; limit <= 9; limit++) {
            var data = new ArrayList<String>();
            var frames = new ArrayList<String>();
            feed(reader(limit, data, frames), bytes, 0);
            assertThat(data).containsExactly("1", "2");
            assertThat(frames).hasSize(limit < 9 ? 0 : 1);
        }
    }

    /** Reads frames of one digit, which are added to both lists. */
    private static SseReader reader(int limit, List<String> data, List<String> frames) {
        return new SseReader(
                limit,
                (bytes, from, to) -> data.add(new String(bytes, from, to - from, StandardCharsets.UTF_8)),
                (bytes, from, to) -> {
                    String frame = new String(bytes, from, Math.min(9, to - from), StandardCharsets.UTF_8);
                    if (!frame.matches("data: [0-9]\n\n")) {
                        return from;
                    }
                    frames.add(frame.substring(6, 7));
                    data.add(frame.substring(6, 7));
                    return from + 9;
                });
    }

    private static void feed(SseReader reader, byte[] bytes, int cut) throws EventTooLargeException {
        reader.feed(bytes, 0, cut);
        reader.feed(bytes, cut, bytes.length);
    }

    private static SseReader reader(int limit, List<String> data) {
        return new SseReader(
                limit, (bytes, from, to) -> data.add(new String(bytes, from, to - from, StandardCharsets.UTF_8)));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A reader whose events are added to {@code events}. */
    static SseReader readerOfEvents(int limit, List<SseEvent> events) {
        var self = new AtomicReference<@Nullable SseReader>();
        var reader = new SseReader(
                limit,
                (bytes, from, to) -> events.add(new SseEvent(
                        Objects.requireNonNull(self.get()).name(),
                        new String(bytes, from, to - from, StandardCharsets.UTF_8))));
        self.set(reader);
        return reader;
    }
}
