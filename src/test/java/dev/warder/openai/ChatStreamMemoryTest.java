package dev.warder.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.stream.Translation.StreamTranslation;
import dev.warder.testkit.Turns;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A stream that waits for its next event holds next to nothing of those before. */
@Tag("turn-5")
class ChatStreamMemoryTest {
    private static final int STREAMS = Turns.of(50, 200);
    private static final int LARGE = 200_000;
    private static final long MOST_EACH = 20 * 1024;

    @ParameterizedTest
    @ValueSource(strings = {"one delta", "one input", "one comment", "many deltas", "over the limit"})
    void holdsLittleOfWhatHasPassed(String events) {
        byte[] bytes = (Talk.start() + Talk.beginText(0) + large(events)).getBytes(StandardCharsets.UTF_8);
        var streams = new ArrayList<StreamTranslation>();
        fed(bytes);
        long before = used();
        for (int i = 0; i < STREAMS; i++) {
            streams.add(fed(bytes));
        }
        assertThat((used() - before) / STREAMS).isLessThan(MOST_EACH);
        assertThat(streams).allMatch(stream -> stream.end().length > 0 || stream.failed());
    }

    private static String large(String events) {
        String x = "x".repeat(LARGE);
        return switch (events) {
            case "one delta" -> Talk.text(0, x);
            case "one input" ->
                Talk.begin(1, "{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"n\",\"input\":{\"a\":\"" + x + "\"}}")
                        + Talk.stop(1);
            case "one comment" -> ": " + x + "\n\n";
            case "many deltas" -> Talk.text(0, "x").repeat(2000);
            default -> Talk.text(0, x + x);
        };
    }

    private static StreamTranslation fed(byte[] bytes) {
        var stream = new ChatStream(Talk.PLAIN, "x", Instant.EPOCH).stream(3 * LARGE / 2);
        for (int at = 0; at < bytes.length; at += 16_000) {
            byte[] piece = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + 16_000));
            stream.feed(piece);
        }
        return stream;
    }

    /** Bytes that are reachable; the least of some looks, because a collector may take its time. */
    private static long used() {
        long least = Long.MAX_VALUE;
        for (int look = 0; look < 2; look++) {
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }
}
