package dev.warder.messages;

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
            "{\"type\":\"content_block_start\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":%s}}",
            "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":%s}}}",
            "{\"x\":\"" + "y".repeat(300) + "\",\"type\":\"content_block_delta\",\"index\":0,"
                    + "\"delta\":{\"type\":\"text_delta\",\"text\":%s}}");

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
            String event =
                    EVENTS.get(random.nextInt(EVENTS.size())).formatted(PIECES.get(random.nextInt(PIECES.size())));
            byte[] bytes = ("data" + event + "}").getBytes(StandardCharsets.UTF_8);
            String alone = told(new DeltaScanner(), bytes);
            assertThat(told(scanner, bytes)).as(event).isEqualTo(alone);
            found += alone.isEmpty() ? 0 : 1;
        }
        assertThat(found).isGreaterThan(5_000);
    }

    private static String told(DeltaScanner scanner, byte[] bytes) {
        if (!scanner.scan(bytes, 4, bytes.length - 1)) {
            return "";
        }
        String piece = new String(bytes, scanner.from(), scanner.to() - scanner.from(), StandardCharsets.UTF_8);
        return scanner.index() + " " + scanner.kind() + " " + piece;
    }
}
