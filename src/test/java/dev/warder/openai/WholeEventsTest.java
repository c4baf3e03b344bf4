package dev.warder.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.config.Secret;
import dev.warder.openai.responses.CalledTool.ToolNames;
import dev.warder.openai.responses.EchoedMembers;
import dev.warder.openai.responses.ItemWriter;
import dev.warder.openai.responses.ResponsesRequestReader.ResponsesContext;
import dev.warder.openai.shared.PropertyNames;
import dev.warder.openai.shared.ReasoningSeal;
import dev.warder.stream.EventStreamGuard;
import dev.warder.stream.SseReader;
import dev.warder.stream.SseReader.EventTooLargeException;
import dev.warder.stream.Translation.StreamTranslation;
import dev.warder.testkit.Turns;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The gateway does not read what a translation returns: the translation returns whole events, and reports the last one. */
@Tag("turn-5")
class WholeEventsTest {
    private static final int LIMIT = 100_000;
    private static final int SEEDS = Turns.of(40, 200);
    private static final String ERROR =
            "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"Lost.\"}}\n\n";

    private static final Set<String> RESPONSE_ENDS =
            Set.of("response.completed", "response.incomplete", "response.failed");

    /** Reads the bytes that a client gets. */
    private static final class ClientReader {
        private final Set<String> ends;
        private final EventStreamGuard position = EventStreamGuard.inBytes();
        private final SseReader events = new SseReader(10 * LIMIT, this::event);
        private boolean ended;

        /** @param ends the names of last events, or a name with its data */
        ClientReader(Set<String> ends) {
            this.ends = ends;
        }

        private void event(byte[] data, int from, int to) {
            String name = events.name();
            String text = new String(data, from, to - from, StandardCharsets.UTF_8);
            ended |= name.equals("error") || ends.contains(name) || ends.contains(name + " " + text);
        }

        void read(byte[] bytes) {
            position.follow(bytes);
            try {
                events.feed(bytes, 0, bytes.length);
            } catch (EventTooLargeException tooLarge) {
                throw new AssertionError(tooLarge);
            }
        }
    }

    static Stream<Arguments> dialects() {
        Supplier<StreamTranslation> chat = () -> new ChatStream(Talk.PLAIN, "x", Instant.EPOCH).stream(LIMIT);
        return Stream.of(Arguments.of(Set.of("message [DONE]"), chat), Arguments.of(RESPONSE_ENDS, (Supplier<?>)
                WholeEventsTest::items));
    }

    private static StreamTranslation items() {
        var context = new ResponsesContext(
                "gpt",
                true,
                true,
                true,
                Optional.empty(),
                new ToolNames(Map.of()),
                PropertyNames.NONE,
                JsonValue.EMPTY_JSON_OBJECT);
        var seal = new ReasoningSeal(List.of(Secret.of("a key")));
        var echo = new EchoedMembers(context.echo());
        return new ItemWriter(context, seal, echo, InstantSource.system(), "x").stream(LIMIT);
    }

    @ParameterizedTest
    @MethodSource("dialects")
    void reportsTheLastEventAsAReaderOfTheBytesSeesIt(Set<String> ends, Supplier<StreamTranslation> dialect) {
        for (int seed = 0; seed < SEEDS; seed++) {
            var events = new RandomMessage(seed).events();
            check(ends, dialect.get(), bytes(events), seed);
            // A stream that ends early, and one that fails.
            int cut = new Random(seed).nextInt(events.length());
            check(ends, dialect.get(), bytes(events.substring(0, cut)), seed);
            check(ends, dialect.get(), bytes(events.substring(0, events.indexOf("\n\n") + 2) + ERROR), seed);
        }
    }

    private static void check(Set<String> ends, StreamTranslation stream, byte[] upstream, int seed) {
        var random = new Random(seed);
        var client = new ClientReader(ends);
        for (int at = 0; at < upstream.length; ) {
            int length = Math.min(1 + random.nextInt(200), upstream.length - at);
            agree(client, stream.feed(Arrays.copyOfRange(upstream, at, at + length)), stream, seed);
            at += length;
        }
        agree(client, stream.end(), stream, seed);
        assertThat(stream.terminated()).as("seed %d", seed).isTrue();
        assertThat(stream.feed(upstream)).isEmpty();
    }

    private static void agree(ClientReader client, byte[] returned, StreamTranslation stream, int seed) {
        client.read(returned);
        assertThat(client.position.betweenEvents()).as("seed %d", seed).isTrue();
        assertThat(client.ended).as("seed %d", seed).isEqualTo(stream.terminated());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
