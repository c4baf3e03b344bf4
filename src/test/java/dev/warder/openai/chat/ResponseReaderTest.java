package dev.warder.openai.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.json.JsonText;
import dev.warder.openai.chat.ChatResponse.ResponseStream;
import dev.warder.stream.Usage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a writer receives, whichever dialect it writes. */
class ResponseReaderTest {
    private static final String STREAM = Talk.start()
            + Talk.begin(0, "{\"type\":\"thinking\",\"thinking\":\"\"}")
            + Talk.thinking(0, "Hm")
            + Talk.stop(0)
            + Talk.beginText(1)
            + Talk.beginTool(2, "toolu_1", "look")
            + Talk.text(1, "Gr\u00fc")
            + Talk.input(2, "{\"k\":")
            + Talk.text(1, "\u00dfe")
            + Talk.input(2, "1}")
            + Talk.stop(1)
            + Talk.beginTool(3, "toolu_2", "rest")
            + Talk.stop(2)
            + Talk.stop(3)
            + Talk.end("tool_use");

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 139, 100_000})
    void passesEachPieceToTheWriterWhereverTheStreamIsCut(int piece) {
        assertThat(events(Talk.PLAIN, STREAM, piece))
                .containsExactly(
                        "begin msg_01AbC",
                        "thinking Hm",
                        "call 0 toolu_1 look",
                        "text Gr\u00fc",
                        "arguments 0 {\"k\":",
                        "text \u00dfe",
                        "arguments 0 1}",
                        "call 1 toolu_2 rest",
                        "arguments 1 {}",
                        "end tool_use 12307 550");
    }

    @Test
    void passesThinkingOnlyWhereItIsShown() {
        assertThat(events(Talk.WITHOUT_REASONING, STREAM, 100))
                .doesNotContain("thinking Hm")
                .contains("text Gr\u00fc");
    }

    @Test
    void passesTheInputOfTheUnwrappedToolAsText() {
        String stream = Talk.start()
                + Talk.beginTool(0, "t", "answer")
                + Talk.input(0, "{}")
                + Talk.stop(0)
                + Talk.beginText(1)
                + Talk.text(1, "That was it.")
                + Talk.end("tool_use");
        assertThat(events(Talk.UNWRAPPED, stream, 100))
                .containsExactly("begin msg_01AbC", "text {}", "thinking That was it.", "end tool_use 12307 550");
    }

    @Test
    void unwrapsTheTextOfACustomTool() {
        String stream = Talk.start()
                + Talk.beginTool(0, "t", "look")
                + Talk.input(0, "{\"inp")
                + Talk.input(0, "ut\": \"a \\u00")
                + Talk.input(0, "e4\\")
                + Talk.input(0, "n\"}")
                + Talk.stop(0)
                + Talk.beginTool(1, "u", "look")
                + Talk.stop(1)
                + Talk.beginTool(2, "v", "look")
                + Talk.input(2, "{\"other\": 1}")
                + Talk.end("tool_use");
        assertThat(events(Talk.CUSTOM, stream, 100))
                .containsExactly(
                        "begin msg_01AbC",
                        "custom 0 t look",
                        "arguments 0 a ",
                        "arguments 0 ä",
                        "arguments 0 \n",
                        "custom 1 u look",
                        "custom 2 v look",
                        "arguments 2 {\"other\": 1}",
                        "end tool_use 12307 550");
    }

    @Test
    void failsWithoutAnEnd() {
        String cut = Talk.start() + Talk.beginText(0) + Talk.text(0, "Hi");
        assertThat(events(Talk.PLAIN, cut, 100))
                .containsExactly("begin msg_01AbC", "text Hi", "failed The upstream ended the stream early.");
        assertThat(events(Talk.PLAIN, "data: {\n\n", 100))
                .containsExactly("failed The upstream sent an event that cannot be read.");
    }

    private static List<String> events(ChatContext context, String stream, int piece) {
        var writer = new RecordingWriter();
        var reader = new ResponseReader(writer, context);
        var response = new ResponseStream(reader, writer, 10_000);
        byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at < bytes.length; at += piece) {
            response.feed(ByteBuffer.wrap(bytes, at, Math.min(piece, bytes.length - at)));
        }
        response.end();
        return writer.events;
    }

    /** A writer of a dialect of its own: it needs nothing of the chat writers. */
    private static final class RecordingWriter implements ResponseWriter {
        private final List<String> events = new ArrayList<>();

        @Override
        public void begin(String messageId) {
            events.add("begin " + messageId);
        }

        @Override
        public void text(byte[] bytes, int from, int to) {
            events.add("text " + JsonText.text(bytes, from, to));
        }

        @Override
        public void thinking(byte[] bytes, int from, int to) {
            events.add("thinking " + JsonText.text(bytes, from, to));
        }

        @Override
        public void callBegin(int call, String id, String name, boolean custom) {
            events.add((custom ? "custom " : "call ") + call + " " + id + " " + name);
        }

        @Override
        public void callArguments(int call, byte[] bytes, int from, int to) {
            events.add("arguments " + call + " " + JsonText.text(bytes, from, to));
        }

        @Override
        public void end(Ending ending, Usage usage) {
            events.add("end " + ending.stopReason() + " " + usage.prompt() + " " + usage.output());
        }

        @Override
        public void failed(OpenAiError error) {
            events.add("failed " + error.message());
        }

        @Override
        public byte[] take() {
            return new byte[0];
        }
    }
}
