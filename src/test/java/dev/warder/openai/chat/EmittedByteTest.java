package dev.warder.openai.chat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Each of the 256 bytes in each member that a translation takes over from the upstream, in streams and whole responses. */
class EmittedByteTest {
    private static final int LIMIT = 1 << 16;

    @Test
    void framesEachCharacterOfAStreamedCall() {
        for (int value = 0; value < 256; value++) {
            var text = text(value);
            var frames = streamed((Talk.start().replace("msg_01AbC", literal("msg_" + text))
                            + Talk.begin(0, "{\"type\":\"thinking\",\"thinking\":\"\"}")
                            + Talk.thinking(0, text)
                            + Talk.stop(0)
                            + Talk.beginText(1)
                            + Talk.text(1, text)
                            + Talk.stop(1)
                            + Talk.beginTool(2, literal(text), literal(text))
                            + Talk.input(2, "{\"k\":" + Talk.quoted(text) + "}")
                            + Talk.stop(2)
                            + Talk.end(literal(text)))
                    .getBytes(UTF_8));
            assertThat(frames.done()).as("character %d", value).isTrue();
            assertThat(frames.joined("reasoning_content")).isEqualTo(text);
            assertThat(frames.joined("content")).isEqualTo(text);
            assertThat(ChatFrames.json(frames.arguments(0)).getString("k")).isEqualTo(text);
            var call = frames.calls(0).get(0);
            assertThat(call.getString("id")).isEqualTo(text);
            assertThat(call.getJsonObject("function").getString("name")).isEqualTo(text);
            assertThat(frames.chunks())
                    .allSatisfy(chunk -> assertThat(chunk.getString("id")).isEqualTo("chatcmpl-" + text));
        }
    }

    @Test
    void writesEachCharacterOfAWholeCompletion() {
        for (int value = 0; value < 256; value++) {
            var text = text(value);
            var quoted = Talk.quoted(text);
            var message = "{\"id\":" + Talk.quoted("msg_" + text) + ",\"type\":\"message\",\"stop_reason\":" + quoted
                    + ",\"content\":[{\"type\":\"thinking\",\"thinking\":" + quoted
                    + "},{\"type\":\"text\",\"text\":" + quoted + "},{\"type\":\"tool_use\",\"id\":" + quoted
                    + ",\"name\":" + quoted + ",\"input\":{" + quoted + ":" + quoted + "}}]}";
            var completion = whole(message.getBytes(UTF_8));
            assertThat(completion.getString("id")).isEqualTo("chatcmpl-" + text);
            var told = completion.getJsonArray("choices").getJsonObject(0).getJsonObject("message");
            assertThat(told.getString("reasoning_content")).isEqualTo(text);
            assertThat(told.getString("content")).isEqualTo(text);
            var call = told.getJsonArray("tool_calls").getJsonObject(0);
            assertThat(call.getString("id")).isEqualTo(text);
            assertThat(call.getJsonObject("function").getString("name")).isEqualTo(text);
            var arguments = call.getJsonObject("function").getString("arguments");
            assertThat(ChatFrames.json(arguments).getString(text)).isEqualTo(text);
        }
    }

    /** Unescaped, where most of them are no JSON: frames stay well-formed, and nothing else is emitted. */
    @Test
    void neverBreaksAFrameWithARawByte() {
        var stream = Talk.start() + Talk.beginText(0) + Talk.text(0, "@") + Talk.stop(0) + Talk.end("end_turn");
        for (int value = 0; value < 256; value++) {
            var raw = stream.getBytes(UTF_8);
            raw[stream.indexOf('@')] = (byte) value;
            var frames = streamed(raw);
            frames.chunks();
            assertThat(frames.data().stream().filter("[DONE]"::equals).count())
                    .as("byte %d", value)
                    .isLessThan(2);
        }
    }

    private static ChatFrames streamed(byte[] events) {
        var stream = new ChatResponse(Talk.PLAIN, "x", Instant.EPOCH).stream(LIMIT);
        var out = new ByteArrayOutputStream();
        out.writeBytes(stream.feed(events));
        out.writeBytes(stream.end());
        return ChatFrames.of(out.toByteArray());
    }

    private static JsonObject whole(byte[] message) {
        var body = new ChatResponse(Talk.PLAIN, "x", Instant.EPOCH)
                .completion(message)
                .orElseThrow();
        return ChatFrames.json(new String(body, UTF_8));
    }

    private static String text(int value) {
        return "a" + new String(new byte[] {(byte) value}, ISO_8859_1) + "data: b";
    }

    /** A string literal without its quotes. */
    private static String literal(String text) {
        var quoted = Talk.quoted(text);
        return quoted.substring(1, quoted.length() - 1);
    }
}
