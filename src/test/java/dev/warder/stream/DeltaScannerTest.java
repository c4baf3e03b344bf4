package dev.warder.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.json.JsonTree;
import dev.warder.stream.MessageReader.DeltaKind;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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
    void findsWhatATreeOfTheEventHas() {
        var random = new Random(6);
        var scanner = new DeltaScanner();
        int found = 0;
        for (int run = 0; run < 50_000; run++) {
            expect(scanner, random);
            String event = event(random);
            byte[] bytes = ("data" + event + "}").getBytes(StandardCharsets.UTF_8);
            if (scanner.scan(bytes, 4, bytes.length - 1)) {
                assertThat(found(scanner, bytes)).isEqualTo(inTree(event));
                found++;
            }
        }
        assertThat(found).isGreaterThan(200);
    }

    @Test
    void findsInAFrameWhatATreeOfItsDataHas() {
        var random = new Random(7);
        var scanner = new DeltaScanner();
        int frames = 0;
        for (int run = 0; run < 100_000; run++) {
            expect(scanner, random);
            String event = event(random);
            byte[] frame = (FRAME + event + "\n\n" + FRAME).getBytes(StandardCharsets.UTF_8);
            int end = scanner.scanFrame(frame, 0, frame.length);
            if (end != -1) {
                assertThat(end).as(event).isEqualTo(frame.length - FRAME.length());
                assertThat(found(scanner, frame)).isEqualTo(inTree(event));
                assertThat(scanner.scanFrame(frame, 0, end - 1)).as(event).isEqualTo(-1);
                frames++;
            }
        }
        assertThat(frames).isGreaterThan(400);
    }

    @Test
    void readsAFrameHoweverItIsPadded() {
        var scanner = new DeltaScanner();
        String event = EVENTS.get(0).formatted("\"a\"");
        assertThat(scanFrame(scanner, FRAME + event + "\n\n"))
                .as("before any delta")
                .isEqualTo(-1);
        scanner.expect(0, DeltaKind.TEXT);
        for (int blanks = 0; blanks < 20; blanks++) {
            String frame = FRAME + event.replace("}}", "}" + " ".repeat(blanks) + "}") + "\n\n";
            assertThat(scanFrame(scanner, frame)).isEqualTo(frame.length());
        }
    }

    @Test
    void leavesAnEventThatHasAFurtherLine() {
        var scanner = new DeltaScanner();
        scanner.expect(0, DeltaKind.TEXT);
        String event = FRAME + EVENTS.get(0).formatted("\"a\"");
        for (String end : List.of("\nid: 1\n\n", "\r\n\r\n", "\n\r\n", "\n", "")) {
            assertThat(scanFrame(scanner, event + end)).as(end).isEqualTo(-1);
        }
    }

    private static int scanFrame(DeltaScanner scanner, String frame) {
        byte[] bytes = frame.getBytes(StandardCharsets.UTF_8);
        return scanner.scanFrame(bytes, 0, bytes.length);
    }

    private static void expect(DeltaScanner scanner, Random random) {
        if (random.nextInt(4) == 0) {
            var kinds = DeltaKind.values();
            scanner.expect(random.nextInt(3), kinds[random.nextInt(kinds.length)]);
        }
    }

    private static String event(Random random) {
        return EVENTS.get(random.nextInt(EVENTS.size())).formatted(PIECES.get(random.nextInt(PIECES.size())));
    }

    private static String inTree(String event) {
        var tree = JsonTree.parseObject(event).orElseThrow();
        var delta = JsonTree.object(tree, "delta");
        var kind = Arrays.stream(DeltaKind.values())
                .filter(each -> JsonTree.text(delta, "type").equals(each.type))
                .findFirst()
                .orElseThrow();
        return JsonTree.number(tree, "index", -1) + " " + kind + " " + delta.getString(kind.member);
    }

    private static String found(DeltaScanner scanner, byte[] bytes) {
        String piece = new String(bytes, scanner.from(), scanner.to() - scanner.from(), StandardCharsets.UTF_8);
        String text =
                JsonTree.parseObject("{\"piece\":" + piece + "}").orElseThrow().getString("piece");
        return scanner.index() + " " + scanner.kind() + " " + text;
    }
}
