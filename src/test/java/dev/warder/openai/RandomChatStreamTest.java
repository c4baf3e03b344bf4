package dev.warder.openai;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Seeded random messages: what a client puts together of the chunks, and of the completion, is what the model said. */
class RandomChatStreamTest {
    private static final int RUNS = 100;
    private static final String[] WORDS = {
        "a",
        " ",
        "\u00fc",
        "\u20ac",
        "\ud83d\ude00",
        "\"",
        "\\",
        "\n",
        "\r",
        "\u0000",
        "\u001f",
        "\u2028",
        "{",
        "}",
        "</",
        "\u007f"
    };

    private final Random random = new Random(20_261_121);
    private final StringBuilder events = new StringBuilder();
    private final StringBuilder texts = new StringBuilder();
    private final StringBuilder thoughts = new StringBuilder();
    private final List<JsonObject> inputs = new ArrayList<>();
    private final List<JsonObject> blocks = new ArrayList<>();

    @Test
    void keepsEveryTextThoughtAndArgument() {
        for (int run = 0; run < RUNS; run++) {
            compose();
            byte[] bytes = events.toString().getBytes(StandardCharsets.UTF_8);
            var stream = new ChatStream(Talk.PLAIN, "x", Instant.EPOCH, 100_000);
            var out = new ByteArrayOutputStream();
            for (int at = 0; at < bytes.length; ) {
                int length = Math.min(1 + random.nextInt(200), bytes.length - at);
                out.writeBytes(stream.feed(ByteBuffer.wrap(bytes, at, length)));
                at += length;
            }
            out.writeBytes(stream.end());
            var frames = ChatFrames.of(out.toByteArray());
            assertThat(frames.done()).as("run %d", run).isTrue();
            assertThat(frames.joined("content")).isEqualTo(texts.toString());
            assertThat(frames.joined("reasoning_content")).isEqualTo(thoughts.toString());
            for (int call = 0; call < inputs.size(); call++) {
                assertThat(Talk.object(frames.arguments(call))).isEqualTo(inputs.get(call));
                assertThat(frames.calls(call).get(0).getString("id")).isEqualTo("toolu_" + call);
            }
            assertThat(frames.calls(inputs.size())).isEmpty();
            checkWhole();
        }
    }

    private void checkWhole() {
        var content = Json.createArrayBuilder();
        blocks.forEach(content::add);
        var document = Json.createObjectBuilder()
                .add("id", "msg_1")
                .add("type", "message")
                .add("content", content)
                .add("stop_reason", "tool_use")
                .build();
        byte[] body = document.toString().getBytes(StandardCharsets.UTF_8);
        var completion = new ChatAnswer(Talk.PLAIN, "x", Instant.EPOCH).of(body).orElseThrow();
        var message = Talk.object(new String(completion, StandardCharsets.UTF_8))
                .getJsonArray("choices")
                .getJsonObject(0)
                .getJsonObject("message");
        assertThat(message.isNull("content") ? "" : message.getString("content"))
                .isEqualTo(texts.toString());
        assertThat(message.getString("reasoning_content", "")).isEqualTo(thoughts.toString());
        for (int call = 0; call < inputs.size(); call++) {
            var function =
                    message.getJsonArray("tool_calls").getJsonObject(call).getJsonObject("function");
            assertThat(Talk.object(function.getString("arguments"))).isEqualTo(inputs.get(call));
        }
    }

    private void compose() {
        events.setLength(0);
        texts.setLength(0);
        thoughts.setLength(0);
        inputs.clear();
        blocks.clear();
        events.append(Talk.start());
        int count = random.nextInt(6);
        for (int index = 0; index < count; index++) {
            switch (random.nextInt(3)) {
                case 0 -> text(index);
                case 1 -> thought(index);
                default -> call(index);
            }
            events.append(Talk.stop(index));
        }
        events.append(Talk.end("tool_use"));
    }

    private void text(int index) {
        String text = words();
        texts.append(text);
        events.append(Talk.beginText(index));
        pieces(text).forEach(piece -> events.append(Talk.text(index, piece)));
        blocks.add(
                Json.createObjectBuilder().add("type", "text").add("text", text).build());
    }

    private void thought(int index) {
        String thought = words();
        thoughts.append(thought);
        events.append(Talk.begin(index, "{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}"));
        pieces(thought).forEach(piece -> events.append(Talk.thinking(index, piece)));
        blocks.add(Json.createObjectBuilder()
                .add("type", "thinking")
                .add("thinking", thought)
                .build());
    }

    private void call(int index) {
        var input = Json.createObjectBuilder();
        for (int i = random.nextInt(4); i > 0; i--) {
            input.add(
                    words() + i,
                    Json.createArrayBuilder()
                            .add(words())
                            .add(random.nextDouble())
                            .addNull());
        }
        JsonObject built = input.build();
        String id = "toolu_" + inputs.size();
        inputs.add(built);
        events.append(Talk.beginTool(index, id, "look"));
        pieces(built.isEmpty() ? "" : built.toString()).forEach(piece -> events.append(Talk.input(index, piece)));
        blocks.add(Json.createObjectBuilder()
                .add("type", "tool_use")
                .add("id", id)
                .add("name", "look")
                .add("input", built)
                .build());
    }

    private String words() {
        var text = new StringBuilder();
        random.ints(random.nextInt(40), 0, WORDS.length).forEach(i -> text.append(WORDS[i]));
        return text.toString();
    }

    /** Cut anywhere but within a surrogate pair, empty pieces among them. */
    private List<String> pieces(String text) {
        var pieces = new ArrayList<String>();
        int from = 0;
        while (from < text.length()) {
            int to = Math.min(text.length(), from + random.nextInt(9));
            to += to < text.length() && to > 0 && Character.isLowSurrogate(text.charAt(to)) ? 1 : 0;
            pieces.add(text.substring(from, to));
            from = to;
        }
        return pieces;
    }
}
