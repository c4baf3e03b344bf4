package dev.warder.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EventCutterTest {
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
