package dev.warder.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DeltaScannerTest {
    private static final List<String> EVENTS = List.of(
            "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":%s}}",
            "{\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"type\":\"text_delta\",\"text\":%s}}",
            "{\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":%s}}",
            "{\"delta\":{\"text\":%s,\"type\":\"text_delta\"} ,\"index\":2,\"type\":\"content_block_delta\"}  ",
            "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"a\",\"text\":%s}}",
            "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":%s}       }",
            "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":%s},\"x\":1}",
            "{\"type\":\"content_block_start\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":%s}}",
            "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":%s}}}",
            "{\"x\":\"" + "y".repeat(300) + "\",\"type\":\"content_block_delta\",\"index\":0,"
                    + "\"delta\":{\"type\":\"text_delta\",\"text\":%s}}");

    /** The lines of an event before its data. */
    private static final String FRAME = "event: content_block_delta\ndata: ";

    private static final List<String> PIECES = List.of(
            "\"\"",
            "\"a\"",
            "\" some words \\\" more \u20ac\"",
            "\"a\" ",
            "\"a",
            "\"a\\\"",
            "\"a\u0001\"",
            "\"a\",\"type\":\"input_json_delta\",\"partial_json\":\"b\"",
            "\"a\"},\"index\":3,\"delta\":{\"type\":\"text_delta\",\"text\":\"b\"",
            "1",
            "null",
            "{\"a\":\"b\"}",
            "");

    @Test
    void findsInAnyEventBehindAnyOtherWhatItFindsInItAlone() {
        var random = new Random(6);
        var scanner = new DeltaScanner();
        int found = 0;
        for (int run = 0; run < 50_000; run++) {
            String event = event(random);
            byte[] bytes = ("data" + event + "}").getBytes(StandardCharsets.UTF_8);
            String alone = told(new DeltaScanner(), bytes);
            assertThat(told(scanner, bytes)).as(event).isEqualTo(alone);
            found += alone.isEmpty() ? 0 : 1;
        }
        assertThat(found).isGreaterThan(5_000);
    }

    @Test
    void findsInAFrameWhatItFindsInItsData() {
        var random = new Random(7);
        var scanner = new DeltaScanner();
        int frames = 0;
        for (int run = 0; run < 100_000; run++) {
            String event = event(random);
            byte[] data = ("data" + event + "}").getBytes(StandardCharsets.UTF_8);
            byte[] frame = (FRAME + event + "\n\n" + FRAME).getBytes(StandardCharsets.UTF_8);
            int end = scanner.scanFrame(frame, 0, frame.length);
            if (end == -1) {
                scanner.scan(data, 4, data.length - 1);
            } else {
                assertThat(end).as(event).isEqualTo(frame.length - FRAME.length());
                assertThat(found(scanner, frame)).as(event).isEqualTo(told(new DeltaScanner(), data));
                assertThat(scanner.scanFrame(frame, 0, end - 1)).as(event).isEqualTo(-1);
                frames++;
            }
        }
        assertThat(frames).isGreaterThan(500);
    }

    @Test
    void readsAFrameAfterAnEventThatIsPaddedOtherwise() {
        var scanner = new DeltaScanner();
        for (int blanks = 0; blanks < 20; blanks++) {
            byte[] frame = (FRAME + EVENTS.get(0).formatted("\"a\"").replace("}}", "}" + " ".repeat(blanks) + "}")
                            + "\n\n")
                    .getBytes(StandardCharsets.UTF_8);
            int end = scanner.scanFrame(frame, 0, frame.length);
            assertThat(end).isEqualTo(blanks == 0 ? -1 : frame.length);
            scanner.scan(frame, FRAME.length(), frame.length - 2);
        }
    }

    @Test
    void leavesAnEventThatHasAFurtherLine() {
        var scanner = new DeltaScanner();
        String event = FRAME + EVENTS.get(0).formatted("\"a\"");
        scan(scanner, event);
        for (String end : List.of("\nid: 1\n\n", "\r\n\r\n", "\n\r\n", "\n", "")) {
            byte[] frame = (event + end).getBytes(StandardCharsets.UTF_8);
            assertThat(scanner.scanFrame(frame, 0, frame.length)).as(end).isEqualTo(-1);
        }
    }

    /** The line feed joins two lines of data; in a frame it would end the first. */
    @Test
    void readsNoFrameAfterDataOfSeveralLines() {
        var scanner = new DeltaScanner();
        String data = EVENTS.get(0).formatted("\"a\"").replace(",\"index\"", ",\n\"index\"");
        scan(scanner, FRAME + data);
        byte[] frame = (FRAME + data + "\n\n").getBytes(StandardCharsets.UTF_8);
        assertThat(scanner.scanFrame(frame, 0, frame.length)).isEqualTo(-1);
    }

    private static String event(Random random) {
        return EVENTS.get(random.nextInt(EVENTS.size())).formatted(PIECES.get(random.nextInt(PIECES.size())));
    }

    private static void scan(DeltaScanner scanner, String event) {
        byte[] bytes = event.getBytes(StandardCharsets.UTF_8);
        assertThat(scanner.scan(bytes, FRAME.length(), bytes.length)).isTrue();
    }

    private static String told(DeltaScanner scanner, byte[] bytes) {
        return scanner.scan(bytes, 4, bytes.length - 1) ? found(scanner, bytes) : "";
    }

    private static String found(DeltaScanner scanner, byte[] bytes) {
        String piece = new String(bytes, scanner.from(), scanner.to() - scanner.from(), StandardCharsets.UTF_8);
        return scanner.index() + " " + scanner.kind() + " " + piece;
    }
}
