package dev.warder.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.config.Secret;
import dev.warder.openai.items.ResponsesContext;
import dev.warder.openai.items.ToolNames;
import dev.warder.openai.output.ItemsResponse;
import dev.warder.openai.reasoning.ReasoningSeal;
import dev.warder.openai.response.ChatResponse;
import dev.warder.openai.response.RandomMessage;
import dev.warder.openai.response.Talk;
import dev.warder.sse.LastEvent;
import dev.warder.sse.SseTap;
import dev.warder.translation.StreamTranslation;
import jakarta.json.JsonValue;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The gateway does not read what a translation returns: the translation returns whole events, and reports the last one. */
class WholeEventsTest {
    private static final int LIMIT = 100_000;
    private static final int SEEDS = 200;
    private static final String ERROR =
            "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"Lost.\"}}\n\n";

    static Stream<Arguments> dialects() {
        Supplier<StreamTranslation> chat = () -> new ChatResponse(Talk.PLAIN, "x", Instant.EPOCH).stream(LIMIT);
        return Stream.of(Arguments.of(LastEvent.DONE, chat), Arguments.of(LastEvent.RESPONSE_END, (Supplier<?>)
                WholeEventsTest::items));
    }

    private static StreamTranslation items() {
        var context = new ResponsesContext(
                "gpt",
                "claude",
                true,
                true,
                true,
                Optional.empty(),
                new ToolNames(Map.of()),
                JsonValue.EMPTY_JSON_OBJECT);
        var seal = new ReasoningSeal(List.of(Secret.of("a key")));
        return new ItemsResponse(context, seal, "x", InstantSource.system()).stream(LIMIT);
    }

    @ParameterizedTest
    @MethodSource("dialects")
    void reportsTheLastEventAsAReaderOfTheBytesSeesIt(LastEvent last, Supplier<StreamTranslation> dialect) {
        for (int seed = 0; seed < SEEDS; seed++) {
            var events = new RandomMessage(seed).events();
            check(last, dialect.get(), bytes(events), seed);
            // A stream that ends early, and one that fails.
            int cut = new Random(seed).nextInt(events.length());
            check(last, dialect.get(), bytes(events.substring(0, cut)), seed);
            check(last, dialect.get(), bytes(events.substring(0, events.indexOf("\n\n") + 2) + ERROR), seed);
        }
    }

    private static void check(LastEvent last, StreamTranslation stream, byte[] upstream, int seed) {
        var random = new Random(seed);
        var tap = new SseTap(last);
        for (int at = 0; at < upstream.length; ) {
            int length = Math.min(1 + random.nextInt(200), upstream.length - at);
            agree(tap, stream.feed(Arrays.copyOfRange(upstream, at, at + length)), stream, seed);
            at += length;
        }
        agree(tap, stream.end(), stream, seed);
        assertThat(stream.terminated()).as("seed %d", seed).isTrue();
        assertThat(stream.feed(upstream)).isEmpty();
    }

    private static void agree(SseTap tap, byte[] returned, StreamTranslation stream, int seed) {
        tap.follow(ByteBuffer.wrap(returned));
        assertThat(tap.betweenEvents()).as("seed %d", seed).isTrue();
        assertThat(tap.terminated()).as("seed %d", seed).isEqualTo(stream.terminated());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
