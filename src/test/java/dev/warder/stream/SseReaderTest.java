package dev.warder.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.stream.SseReader.EventTooLargeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Readers of event streams, wherever the streams are cut. */
class SseReaderTest {
    private static final String DATA = "{\"t\":\"\u00fc\u20ac\"}";
    private static final byte[] NEAR = {'\t', 0x0b, 0x0c, 0x0e, 0, ' ', 'x', (byte) 0x8a, (byte) 0x8d, (byte) 0xff};

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
        return new SseReader(limit, new SseReader.Listener() {
            @Override
            public int frame(byte[] bytes, int from, int to) {
                String frame = new String(bytes, from, Math.min(9, to - from), StandardCharsets.UTF_8);
                if (!frame.matches("data: [0-9]\n\n")) {
                    return from;
                }
                frames.add(frame.substring(6, 7));
                data.add(frame.substring(6, 7));
                return from + 9;
            }

            @Override
            public void event(byte[] bytes, int from, int to) {
                data.add(new String(bytes, from, to - from, StandardCharsets.UTF_8));
            }
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

    @Test
    void findsTheFirstEndAtEachPlace() {
        var random = new Random(16);
        for (int length = 0; length < 70; length++) {
            for (int at = 0; at <= length; at++) {
                byte[] bytes = new byte[length + 4];
                for (int i = 0; i < bytes.length; i++) {
                    bytes[i] = NEAR[random.nextInt(NEAR.length)];
                }
                bytes[random.nextInt(2)] = '\n';
                bytes[at + 2] = (byte) (random.nextBoolean() ? '\r' : '\n');
                bytes[random.nextInt(at + 2, bytes.length)] = '\n';
                assertThat(SseReader.LineEnd.find(bytes, 2, length + 2)).isEqualTo(first(bytes, 2, length + 2));
            }
        }
    }

    private static int first(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to && bytes[i] != '\r' && bytes[i] != '\n') {
            i++;
        }
        return i;
    }

    static List<List<String>> streams() {
        return List.of(
                List.of("data: a\n\n", "event: b\ndata: c\n\n", ":d\n\n", "\n", "data"),
                List.of("data: a\r\r", "event: b\rdata: c\r\r", ":d\r\r", "\r", "data"),
                // The second half of a CRLF belongs to the next event.
                List.of("data: a\r\n\r", "\nevent: b\r\ndata: c\r\n\r", "\n:d\r\n\r", "\n\r", "\ndata"));
    }

    @ParameterizedTest
    @MethodSource("streams")
    void cutsAfterEachEmptyLineHoweverTheStreamComes(List<String> events) {
        for (int size = 1; size < 9; size++) {
            assertThat(cut(String.join("", events), size))
                    .as("pieces of %s", size)
                    .isEqualTo(events);
        }
    }

    @Test
    void leavesOnlyTheDataAndInTheirPlaces() {
        expect(
                "event: x\ndata: {\r\ndata:\"a\"}\r:data\ndatax: y\n\n",
                "               {       \"a\"}                 ");
        expect("\uFEFFdata: 1", "         1");
        assertThat(EventCutter.dataInPlace(":ping\nevent: x\ndata\ndata:\n\n".getBytes(UTF_8)))
                .isEmpty();
    }

    private static void expect(String event, String data) {
        assertThat(EventCutter.dataInPlace(event.getBytes(UTF_8)))
                .hasValueSatisfying(
                        found -> assertThat(new String(found, UTF_8)).isEqualTo(data));
    }

    private static List<String> cut(String stream, int size) {
        var cutter = new EventCutter();
        var events = new ArrayList<String>();
        var open = new StringBuilder();
        byte[] bytes = stream.getBytes(UTF_8);
        for (int at = 0; at < bytes.length; at += size) {
            byte[] piece = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + size));
            int from = 0;
            for (int end = cutter.end(piece, 0); end >= 0; end = cutter.end(piece, from)) {
                events.add(
                        open.append(new String(piece, from, end - from, UTF_8)).toString());
                open.setLength(0);
                from = end;
            }
            open.append(new String(piece, from, piece.length - from, UTF_8));
        }
        events.add(open.toString());
        return events;
    }
}
