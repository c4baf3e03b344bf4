package dev.warder.openai.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Turns;
import jakarta.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Seeded random messages: what a client puts together of the chunks, and of the completion, is what the model said. */
@Tag("turn-5")
class RandomChatStreamTest {
    private static final int RUNS = Turns.of(20, 100);

    @ParameterizedTest
    @ValueSource(longs = {1, 1001, 2001})
    void keepsEveryTextThoughtAndArgumentOfAStream(long first) {
        for (long seed = first; seed < first + RUNS; seed++) {
            var message = new RandomMessage(seed);
            var frames = ChatFrames.of(translated(message, new Random(seed)));
            assertThat(frames.done()).as("seed %d", seed).isTrue();
            assertThat(frames.joined("content")).as("seed %d", seed).isEqualTo(message.texts());
            assertThat(frames.joined("reasoning_content")).isEqualTo(message.thoughts());
            for (int call = 0; call < message.inputs().size(); call++) {
                assertThat(Talk.object(frames.arguments(call)))
                        .as("seed %d", seed)
                        .isEqualTo(message.inputs().get(call));
                assertThat(frames.calls(call).get(0).getString("id")).isEqualTo("toolu_" + call);
            }
            assertThat(frames.calls(message.inputs().size())).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 1001, 2001})
    void keepsEveryTextThoughtAndArgumentOfAWholeMessage(long first) {
        for (long seed = first; seed < first + RUNS; seed++) {
            var message = new RandomMessage(seed);
            byte[] body = message.whole().toString().getBytes(StandardCharsets.UTF_8);
            check(message, completion(body));
            var frames = ChatFrames.of(new ChatResponse(Talk.PLAIN, "x", Instant.EPOCH)
                    .chunks(body)
                    .orElseThrow());
            assertThat(frames.joined("content")).as("seed %d", seed).isEqualTo(message.texts());
            for (int call = 0; call < message.inputs().size(); call++) {
                assertThat(Talk.object(frames.arguments(call)))
                        .isEqualTo(message.inputs().get(call));
            }
        }
    }

    private static void check(RandomMessage message, JsonObject told) {
        assertThat(told.isNull("content") ? "" : told.getString("content")).isEqualTo(message.texts());
        assertThat(told.getString("reasoning_content", "")).isEqualTo(message.thoughts());
        assertThat(told.containsKey("tool_calls")).isEqualTo(!message.inputs().isEmpty());
        for (int call = 0; call < message.inputs().size(); call++) {
            var function = told.getJsonArray("tool_calls").getJsonObject(call).getJsonObject("function");
            assertThat(Talk.object(function.getString("arguments")))
                    .isEqualTo(message.inputs().get(call));
        }
    }

    private static JsonObject completion(byte[] body) {
        byte[] told = new ChatResponse(Talk.PLAIN, "x", Instant.EPOCH)
                .completion(body)
                .orElseThrow();
        return Talk.object(new String(told, StandardCharsets.UTF_8))
                .getJsonArray("choices")
                .getJsonObject(0)
                .getJsonObject("message");
    }

    private static byte[] translated(RandomMessage message, Random random) {
        byte[] bytes = message.events().getBytes(StandardCharsets.UTF_8);
        var stream = new ChatResponse(Talk.PLAIN, "x", Instant.EPOCH).stream(100_000);
        var out = new ByteArrayOutputStream();
        for (int at = 0; at < bytes.length; ) {
            int length = Math.min(1 + random.nextInt(200), bytes.length - at);
            out.writeBytes(stream.feed(Arrays.copyOfRange(bytes, at, at + length)));
            at += length;
        }
        out.writeBytes(stream.end());
        return out.toByteArray();
    }
}
