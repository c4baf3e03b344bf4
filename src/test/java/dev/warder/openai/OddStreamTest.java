package dev.warder.openai;

import static dev.warder.openai.Talk.begin;
import static dev.warder.openai.Talk.beginText;
import static dev.warder.openai.Talk.beginTool;
import static dev.warder.openai.Talk.delta;
import static dev.warder.openai.Talk.end;
import static dev.warder.openai.Talk.event;
import static dev.warder.openai.Talk.frames;
import static dev.warder.openai.Talk.input;
import static dev.warder.openai.Talk.object;
import static dev.warder.openai.Talk.start;
import static dev.warder.openai.Talk.stop;
import static dev.warder.openai.Talk.text;
import static dev.warder.openai.Talk.thinking;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.openai.ChatRequestReader.ChatContext;
import dev.warder.stream.MessageReader.DeltaKind;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams that the API does not send, or seldom: whatever comes, the client reads whole frames and a proper end. */
class OddStreamTest {
    @Test
    void keepsTheStopReasonThatALaterDeltaDoesNotRepeat() {
        String usage = event("message_delta", "\"delta\":{},\"usage\":{\"output_tokens\":7}")
                + event("message_delta", "\"delta\":{\"stop_reason\":null},\"usage\":{\"output_tokens\":8}");
        String told = event("message_delta", "\"delta\":{\"stop_reason\":\"max_tokens\"}");
        var frames = frames(Talk.PLAIN, start() + told + usage + event("message_stop", ""));
        assertThat(frames.finishReasons()).containsExactly("length");
    }

    @Test
    void keepsWhatInterleavedBlocksSay() {
        String stream = start()
                + beginText(0)
                + beginTool(1, "t", "look")
                + beginTool(2, "u", "look")
                + text(0, "a")
                + input(2, "{\"b\":")
                + input(1, "{\"a\":1")
                + text(0, "b")
                + stop(0)
                + input(2, "2}")
                + input(1, "}")
                + stop(2)
                + stop(1)
                + end("tool_use");
        var frames = frames(Talk.PLAIN, stream);
        assertThat(frames.joined("content")).isEqualTo("ab");
        assertThat(frames.arguments(0)).isEqualTo("{\"a\":1}");
        assertThat(frames.arguments(1)).isEqualTo("{\"b\":2}");
    }

    @Test
    void countsCallsWhateverTheBlocksIndexesAre() {
        String stream = start()
                + beginTool(3, "t", "look")
                + stop(3)
                + beginTool(900_000_000, "u", "look")
                + input(900_000_000, "{\"a\":1}")
                + stop(900_000_000)
                + end("tool_use");
        var frames = frames(Talk.PLAIN, stream);
        assertThat(frames.arguments(0)).isEqualTo("{}");
        assertThat(frames.arguments(1)).isEqualTo("{\"a\":1}");
    }

    @Test
    void needsNoEndOfABlock() {
        String whole = "{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"n\",\"input\":{\"a\":[1]}}";
        String stream = start() + begin(0, whole) + beginTool(1, "u", "n") + beginText(2) + text(2, "Hi");
        var frames = frames(Talk.PLAIN, stream + end("tool_use"));
        assertThat(frames.arguments(0)).isEqualTo("{\"a\":[1]}");
        assertThat(frames.arguments(1)).isEqualTo("{}");
        assertThat(frames.joined("content")).isEqualTo("Hi");
    }

    @Test
    void takesABlockThatBeginsAgainForANewOne() {
        String stream = start() + beginTool(0, "t", "n") + beginTool(0, "u", "n") + input(0, "{\"a\":1}");
        var frames = frames(Talk.PLAIN, stream + end("tool_use"));
        assertThat(frames.arguments(0)).isEqualTo("{}");
        assertThat(frames.arguments(1)).isEqualTo("{\"a\":1}");
    }

    @Test
    void prefersTheDeltasToTheInputThatABlockBeganWith() {
        String whole = "{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"n\",\"input\":{\"a\":1}}";
        String stream = start() + begin(0, whole) + input(0, "{\"a\":") + input(0, "2}") + stop(0);
        assertThat(frames(Talk.PLAIN, stream + end("tool_use")).arguments(0)).isEqualTo("{\"a\":2}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "\"\"", "[]", "7", "{}"})
    void takesAnInputThatIsNoneForAnEmptyOne(String none) {
        String whole = "{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"n\",\"input\":" + none + "}";
        assertThat(frames(Talk.PLAIN, start() + begin(0, whole) + stop(0) + end("tool_use"))
                        .arguments(0))
                .isEqualTo("{}");
    }

    @Test
    void endsTheEldestOfTooManyOpenBlocks() {
        var stream = new StringBuilder(start()).append(begin(0, "{\"type\":\"text\",\"text\":\"first \"}"));
        for (int i = 1; i < 1000; i++) {
            stream.append(beginTool(i, "t" + i, "n"));
        }
        stream.append(text(0, "late")).append(input(999, "{\"a\":1}"));
        var frames = frames(Talk.PLAIN, stream + end("tool_use"));
        assertThat(frames.joined("content")).isEqualTo("first ");
        assertThat(frames.arguments(0)).isEqualTo("{}");
        assertThat(frames.arguments(998)).isEqualTo("{\"a\":1}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-5", "1.5", "1e30", "1e1000000", "\"7\"", "[7]", "null", "99999999999999999999"})
    void passesOverACountThatIsNone(String count) {
        String digits = "9".repeat(1000);
        String told = event(
                "message_delta",
                "\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":" + count + ",\"input_tokens\":"
                        + digits + ",\"cache_read_input_tokens\":" + Long.MAX_VALUE + "}");
        var chunks = frames(Talk.WITH_USAGE, start() + told + event("message_stop", ""))
                .chunks();
        var usage = chunks.get(chunks.size() - 1).getJsonObject("usage");
        assertThat(usage.getInt("completion_tokens")).isEqualTo(1);
        assertThat(usage.getInt("prompt_tokens")).isEqualTo(12_307);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"error\"}",
                "{\"type\":\"error\",\"error\":null}",
                "{\"type\":\"error\",\"error\":{\"type\":null,\"message\":7}}"
            })
    void tellsAnErrorThatSaysNothingOfItself(String error) {
        var frames = frames(Talk.PLAIN, "data: " + error + "\n\n" + start());
        assertThat(frames.data()).hasSize(1);
        assertThat(frames.error().getString("code")).isEqualTo("api_error");
        assertThat(frames.error().getString("type")).isEqualTo("server_error");
        assertThat(frames.error().getString("message")).isNotEmpty();
    }

    @Test
    void tellsNothingButTheAnswersInputAsContentOnceItHasBegun() {
        String thought = begin(0, "{\"type\":\"thinking\",\"thinking\":\"\"}") + thinking(0, "Hm.") + stop(0);
        String stream = start()
                + thought
                + beginTool(1, "t", "answer")
                + input(1, "{\"a\":1}")
                + stop(1)
                + beginText(2)
                + text(2, "There.")
                + stop(2)
                + beginTool(3, "u", "answer")
                + input(3, "{\"a\":2}")
                + stop(3)
                + end("tool_use");
        var frames = frames(Talk.UNWRAPPED, stream);
        assertThat(object(frames.joined("content"))).isEqualTo(object("{\"a\":1}"));
        assertThat(frames.joined("reasoning_content")).isEqualTo("Hm.There.");
        assertThat(frames.finishReasons()).containsExactly("stop");
    }

    @Test
    void tellsAnErrorForAnEventThatIsTooDeepAndThrowsNothing() {
        for (int depth : List.of(200, 900, 5_000, 400_000)) {
            String deep = "[".repeat(depth) + "]".repeat(depth);
            var frames = frames(Talk.PLAIN, start() + event("ping", "\"x\":" + deep) + end("end_turn"));
            assertThat(frames.done()).as("%d deep", depth).isEqualTo(depth < 1000);
            assertThat(frames.data().size()).isEqualTo(depth < 1000 ? 3 : 2);
        }
    }

    @Test
    void passesArgumentsOnThatNoParserHereWouldRead() {
        String odd = "{\"n\":" + "7".repeat(3000) + ",\"d\":" + "[".repeat(2000) + "]".repeat(2000) + ",";
        String stream = start() + beginTool(0, "t", "n") + input(0, odd) + input(0, "\u2028\u0000}") + stop(0);
        assertThat(frames(Talk.PLAIN, stream + end("tool_use")).arguments(0)).isEqualTo(odd + "\u2028\u0000}");
    }

    @Test
    void replacesBytesThatAreNoUtf8() {
        byte[] bytes = (start() + beginText(0) + text(0, "a?b") + end("end_turn")).getBytes(UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = bytes[i] == '?' ? (byte) 0xC3 : bytes[i];
        }
        var frames = ChatFrames.of(Talk.translated(Talk.response(Talk.PLAIN).stream(1_000), bytes, bytes.length));
        assertThat(frames.joined("content")).isEqualTo("a\ufffdb");
        assertThat(frames.done()).isTrue();
    }

    @Test
    void refusesARawControlCharacterInAText() {
        var frames = frames(Talk.PLAIN, start() + beginText(0) + delta(0, DeltaKind.TEXT, "\"a\u0001\""));
        assertThat(frames.error().getString("message")).contains("cannot be read");
    }

    @Test
    void endsProperlyWhateverMemberIsOfAnotherKind() {
        String[] others = {"null", "0", "-1", "1e999", "\"\"", "\"text\"", "[]", "[{}]", "{}", "true", "\"\\ud800\""};
        String stream = full();
        for (int from = stream.indexOf(':'); from >= 0; from = stream.indexOf("\":", from + 1)) {
            for (String other : others) {
                String odd = stream.substring(0, from + 2) + other + behindValue(stream, from + 2);
                assertThat(endsProperly(odd.getBytes(UTF_8))).as(odd).isTrue();
            }
        }
    }

    @Test
    void endsProperlyWhicheverEventIsMissingTwiceOrLate() {
        List<String> events = List.of(full().split("(?<=\n\n)"));
        for (int i = 0; i < events.size(); i++) {
            for (int j = 0; j < events.size(); j++) {
                var moved = new ArrayList<>(events);
                moved.add(j, moved.remove(i));
                check(moved);
                var twice = new ArrayList<>(events);
                twice.add(j, events.get(i));
                check(twice);
            }
            var missing = new ArrayList<>(events);
            missing.remove(i);
            check(missing);
        }
    }

    @Test
    void endsProperlyWhateverBytesCome() {
        var random = new Random(46);
        byte[] stream = full().getBytes(UTF_8);
        byte[] letters = "{}[]\":,\\\n\r 0-e.u\u0000\u00ff".getBytes(ISO_8859_1);
        for (int run = 0; run < 1_000; run++) {
            byte[] odd = stream.clone();
            for (int i = random.nextInt(4); i >= 0; i--) {
                odd[random.nextInt(odd.length)] = letters[random.nextInt(letters.length)];
            }
            assertThat(endsProperly(odd)).isTrue();
        }
    }

    private static void check(List<String> events) {
        String stream = String.join("", events);
        assertThat(endsProperly(stream.getBytes(UTF_8))).as(stream).isTrue();
    }

    private static String full() {
        return start()
                + begin(0, "{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}")
                + thinking(0, "Hm")
                + stop(0)
                + begin(1, "{\"type\":\"text\",\"text\":\"A\"}")
                + text(1, "B")
                + stop(1)
                + begin(2, "{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"n\",\"input\":{\"a\":1}}")
                + stop(2)
                + beginTool(3, "u", "n")
                + input(3, "{\"a\":2}")
                + stop(3)
                + event(
                        "message_delta",
                        "\"delta\":{\"stop_reason\":\"refusal\",\"stop_details\":{\"explanation\":\"No.\"}},"
                                + "\"usage\":{\"output_tokens\":5,\"output_tokens_details\":{\"thinking_tokens\":4}}")
                + event("message_stop", "");
    }

    /** What follows the JSON value that begins at {@code from}. */
    private static String behindValue(String stream, int from) {
        int depth = 0;
        boolean inText = false;
        for (int i = from; i < stream.length(); i++) {
            char c = stream.charAt(i);
            inText ^= c == '"' && stream.charAt(i - 1) != '\\';
            if (!inText && (c == ',' || c == '}' || c == ']') && depth == 0) {
                return stream.substring(i);
            }
            depth += inText ? 0 : c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
        }
        return "";
    }

    /** Whether the frames are whole, each of one line of JSON, and the last one {@code [DONE]} or an error. */
    private static boolean endsProperly(byte[] bytes) {
        boolean proper = true;
        for (ChatContext context : List.of(Talk.WITH_USAGE, Talk.UNWRAPPED, Talk.LEGACY)) {
            var stream = Talk.response(context).stream(1_000_000);
            var frames = ChatFrames.of(Talk.translated(stream, bytes, bytes.length));
            frames.chunks();
            int last = frames.data().size() - 1;
            proper &= stream.terminated() && stream.failed() != frames.done();
            proper &= stream.failed()
                    ? frames.error() != null
                    : frames.data().indexOf("[DONE]") == last
                            && frames.finishReasons().size() == 1;
        }
        return proper;
    }

    @Test
    void knowsAnErrorWithoutATypeByItsMember() {
        String error = "event: error\ndata: {\"error\":{\"type\":\"overloaded_error\",\"message\":\"Busy.\"}}\n\n";
        var frames = frames(Talk.PLAIN, start() + error);
        assertThat(frames.error().getString("message")).isEqualTo("Busy.");
        assertThat(frames.error().getString("code")).isEqualTo("overloaded");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}x", "{\"type\":\"ping\"} {}", "{\"type\":\"ping\"}]"})
    void refusesAnEventThatSomethingFollows(String data) {
        var frames = frames(Talk.PLAIN, start() + "data: " + data + "\n\n" + end("end_turn"));
        assertThat(frames.error().getString("message")).contains("cannot be read");
    }

    /** Each of the 256 bytes in each member that a translation takes over from the upstream. */
    @Test
    void framesEachCharacterOfAStreamedCall() {
        for (int value = 0; value < 256; value++) {
            var text = odd(value);
            var frames = frames(
                    Talk.PLAIN,
                    start().replace("msg_01AbC", literal("msg_" + text))
                            + begin(0, "{\"type\":\"thinking\",\"thinking\":\"\"}")
                            + thinking(0, text)
                            + stop(0)
                            + beginText(1)
                            + text(1, text)
                            + stop(1)
                            + beginTool(2, literal(text), literal(text))
                            + input(2, "{\"k\":" + Talk.quoted(text) + "}")
                            + stop(2)
                            + end(literal(text)));
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
            var text = odd(value);
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

    private static JsonObject whole(byte[] message) {
        return object(new String(Talk.response(Talk.PLAIN).whole(message, false).orElseThrow(), UTF_8));
    }

    private static String odd(int value) {
        return "a" + new String(new byte[] {(byte) value}, ISO_8859_1) + "data: b";
    }

    /** A string literal without its quotes. */
    private static String literal(String text) {
        var quoted = Talk.quoted(text);
        return quoted.substring(1, quoted.length() - 1);
    }
}
