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
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.openai.ChatRequestReader.ChatContext;
import dev.warder.openai.shared.PropertyNames;
import dev.warder.stream.MessageReader.DeltaKind;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChatStreamTest {
    /** Everything that a stream may hold, with characters of each length in UTF-8. */
    private static final String FULL = ": hello\n\n" + start() + event("ping", "")
            + begin(0, "{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}") + thinking(0, "Hm\u00fc")
            + event(
                    "content_block_delta",
                    "\"index\":0,\"delta\":{\"type\":\"signature_delta\",\"signature\":\"c2ln\"}")
            + stop(0) + beginText(1) + text(1, "Gr\u00fc\u00dfe \u20ac \ud83d\ude00") + text(1, "\n\"\\\u0001")
            + stop(1)
            + beginTool(2, "toolu_1", "look") + input(2, "") + input(2, "{\"k\":\"\u00e4") + input(2, "\"}") + stop(2)
            + beginTool(3, "toolu_2", "rest") + stop(3) + end("tool_use");

    @Test
    void s04TellsRoleTextFinishUsageAndDone() {
        var frames = frames(Talk.WITH_USAGE, start() + beginText(0) + text(0, "Hi") + stop(0) + end("end_turn"));
        String head = "{\"id\":\"chatcmpl-01AbC\",\"object\":\"chat.completion.chunk\",\"created\":1800000000,"
                + "\"model\":\"gpt-\u00fc\",\"choices\":[";
        String open = ",\"logprobs\":null,\"finish_reason\":null}],\"usage\":null}";
        assertThat(frames.data())
                .containsExactly(
                        head + "{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}" + open,
                        head + "{\"index\":0,\"delta\":{\"content\":\"Hi\"}" + open,
                        head
                                + "{\"index\":0,\"delta\":{},\"logprobs\":null,\"finish_reason\":\"stop\"}],\"usage\":null}",
                        head + "],\"usage\":{\"prompt_tokens\":12307,\"completion_tokens\":550,\"total_tokens\":12857,"
                                + "\"prompt_tokens_details\":{\"cached_tokens\":0,\"cache_write_tokens\":12304},"
                                + "\"completion_tokens_details\":{\"reasoning_tokens\":0}}}",
                        "[DONE]");
    }

    @Test
    void s08TellsUsageOnlyWhenAsked() {
        var frames = frames(Talk.PLAIN, start() + beginText(0) + text(0, "Hi") + stop(0) + end("end_turn"));
        assertThat(frames.chunks()).hasSize(3).noneMatch(chunk -> chunk.containsKey("usage"));
        assertThat(frames.done()).isTrue();
    }

    @Test
    void s08TakesTheLastOfCumulativeCountsAndKeepsWhatIsNull() {
        String deltas = event("message_delta", "\"delta\":{\"stop_reason\":null},\"usage\":{\"output_tokens\":5}")
                + event(
                        "message_delta",
                        "\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"input_tokens\":7,\"output_tokens\":9,"
                                + "\"cache_read_input_tokens\":null,\"output_tokens_details\":{\"thinking_tokens\":4}}");
        var chunks = frames(Talk.WITH_USAGE, start() + deltas + event("message_stop", ""))
                .chunks();
        var usage = chunks.get(chunks.size() - 1).getJsonObject("usage");
        assertThat(usage.getInt("prompt_tokens")).isEqualTo(12311);
        assertThat(usage.getInt("completion_tokens")).isEqualTo(9);
        assertThat(usage.getJsonObject("completion_tokens_details").getInt("reasoning_tokens"))
                .isEqualTo(4);
    }

    @Test
    void s05CountsCallsFromZeroAndNamesEachOnce() {
        var frames = frames(Talk.PLAIN, FULL);
        assertThat(frames.calls(0).get(0))
                .isEqualTo(object("{\"index\":0,\"id\":\"toolu_1\",\"type\":\"function\","
                        + "\"function\":{\"name\":\"look\",\"arguments\":\"\"}}"));
        assertThat(frames.calls(0).get(1))
                .isEqualTo(object("{\"index\":0,\"function\":{\"arguments\":\"{\\\"k\\\":\\\"\u00e4\"}}"));
        assertThat(object(frames.arguments(0))).isEqualTo(object("{\"k\":\"\u00e4\"}"));
        assertThat(frames.calls(1).get(0).getString("id")).isEqualTo("toolu_2");
        assertThat(frames.arguments(1)).isEqualTo("{}");
        assertThat(frames.calls(1)).hasSize(2);
        assertThat(frames.finishReasons()).containsExactly("tool_calls");
        assertThat(frames.joined("content")).isEqualTo("Gr\u00fc\u00dfe \u20ac \ud83d\ude00\n\"\\\u0001");
        assertThat(frames.choices()).allMatch(choice -> choice.getInt("index") == 0);
    }

    @Test
    void s09PassesOverThinkingThatIsNotAskedForOrMisplaced() {
        var hidden = frames(Talk.WITHOUT_REASONING, FULL);
        assertThat(hidden.deltas()).noneMatch(delta -> delta.containsKey("reasoning_content"));
        var misplaced =
                frames(Talk.PLAIN, start() + beginText(0) + thinking(0, "Hm") + text(0, "Hi") + end("end_turn"));
        assertThat(misplaced.deltas()).hasSize(3);
        assertThat(misplaced.joined("content")).isEqualTo("Hi");
    }

    @Test
    void t46PassesOverRedactedThinkingAndBlocksOfOtherTools() {
        String others = begin(0, "{\"type\":\"redacted_thinking\",\"data\":\"abc\"}")
                + stop(0)
                + begin(1, "{\"type\":\"server_tool_use\",\"id\":\"s\",\"name\":\"web_search\",\"input\":{}}")
                + input(1, "{\"q\":1}")
                + stop(1);
        assertThat(frames(Talk.PLAIN, start() + others + end("end_turn")).deltas())
                .hasSize(2);
    }

    /** The API goes on with such a message when it has the result of its own tool. */
    @Test
    void tellsNoStopWhileAToolOfTheApiHasNoResult() {
        String use =
                begin(0, "{\"type\":\"server_tool_use\",\"id\":\"s\",\"name\":\"web_search\",\"input\":{}}") + stop(0);
        String result =
                begin(1, "{\"type\":\"web_search_tool_result\",\"tool_use_id\":\"s\",\"content\":[]}") + stop(1);
        String call = beginTool(2, "t", "n") + stop(2);
        assertThat(frames(Talk.PLAIN, start() + use + end("tool_use")).finishReasons())
                .containsExactly("length");
        assertThat(frames(Talk.PLAIN, start() + use + result + end("end_turn")).finishReasons())
                .containsExactly("stop");
        assertThat(frames(Talk.PLAIN, start() + use + call + end("tool_use")).finishReasons())
                .containsExactly("tool_calls");
    }

    @Test
    void t27UnwrapsTheToolThatStandsForTheAnswer() {
        String answer = beginTool(0, "t", "answer") + input(0, "{\"a\":") + input(0, "1}") + stop(0);
        var frames = frames(Talk.UNWRAPPED, start() + answer + end("tool_use"));
        assertThat(frames.joined("content")).isEqualTo("{\"a\":1}");
        assertThat(frames.deltas()).noneMatch(delta -> delta.containsKey("tool_calls"));
        assertThat(frames.finishReasons()).containsExactly("stop");
    }

    /** Some clients cut lines at all characters that end one in Unicode (JavaScript of old, Python's splitlines). */
    @Test
    void escapesTheEndsOfLinesThatOnlyUnicodeHas() {
        String ends = "a\u2028b\u2029c\u0085d \u2027\u00c5\u00e2\ud83d\ude00";
        var context = new ChatContext(
                "gpt-" + ends, true, true, true, Optional.empty(), false, Set.of("look"), PropertyNames.NONE);
        String stream = start()
                + beginTool(0, "toolu_1", "look")
                + input(0, "{\"input\":\"" + ends)
                + input(0, "\"}")
                + stop(0)
                + beginTool(1, "toolu_2", "rest" + ends)
                + input(1, "{\"k\":\"" + ends + "\"}")
                + stop(1)
                + begin(2, "{\"type\":\"thinking\",\"thinking\":\"" + ends + "\",\"signature\":\"\"}")
                + thinking(2, ends)
                + stop(2)
                + begin(3, "{\"type\":\"text\",\"text\":\"" + ends + "\"}")
                + text(3, ends);
        var frames = frames(context, stream + end("tool_use"));
        assertThat(frames.joined("content")).isEqualTo(ends + ends);
        assertThat(frames.joined("reasoning_content")).isEqualTo(ends + ends);
        assertThat(frames.calls(0).get(1).getJsonObject("custom").getString("input"))
                .isEqualTo(ends);
        assertThat(object(frames.arguments(1))).isEqualTo(object("{\"k\":\"" + ends + "\"}"));
        assertThat(frames.chunks()).allMatch(chunk -> chunk.getString("model").equals("gpt-" + ends));
        String error = event("error", "\"error\":{\"type\":\"api_error\",\"message\":\"" + ends + "\"}");
        assertThat(frames(context, stream + error).error().getString("message")).isEqualTo(ends);
    }

    @Test
    void t23TellsACallInTheOldForm() {
        String call = beginTool(0, "t", "look") + input(0, "{\"a\":1}") + stop(0);
        var frames = frames(Talk.LEGACY, start() + call + end("tool_use"));
        assertThat(frames.deltas())
                .contains(
                        object("{\"function_call\":{\"name\":\"look\",\"arguments\":\"\"}}"),
                        object("{\"function_call\":{\"arguments\":\"{\\\"a\\\":1}\"}}"));
        assertThat(frames.finishReasons()).containsExactly("function_call");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "[1]", "x", "[DONE]", "{\"type\":\"content_block_delta\",\"index\":0,}"})
    void tellsThatAnEventCannotBeRead(String data) {
        var frames = frames(Talk.PLAIN, start() + "data: " + data + "\n\n" + end("end_turn"));
        assertThat(frames.data()).hasSize(2);
        assertThat(frames.error().getString("message")).contains("cannot be read");
    }

    @Test
    void s03ToleratesCommentsEmptyDataAndEventsItDoesNotKnow() {
        String noise = ":\n\ndata:\n\ndata\n\nevent: x\n\n" + event("news", "\"delta\":{\"text\":\"no\"}");
        String stream =
                noise + start() + noise + beginText(0) + text(0, "Hi") + noise + stop(0) + end("end_turn") + noise;
        assertThat(frames(Talk.PLAIN, stream).deltas()).hasSize(3);
    }

    @Test
    void s02TakesALastEventWithoutItsEmptyLine() {
        String stream = FULL.substring(0, FULL.length() - 2);
        assertThat(frames(Talk.PLAIN, stream)).isEqualTo(frames(Talk.PLAIN, FULL));
        assertThat(frames(Talk.PLAIN, stream).done()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r", "\r\n"})
    void s02GivesTheSameChunksAtEveryCutAndWithEveryLineEnd(String lineEnd) {
        byte[] expected = whole(FULL.getBytes(StandardCharsets.UTF_8), Integer.MAX_VALUE);
        byte[] bytes = FULL.replace("\n", lineEnd).getBytes(StandardCharsets.UTF_8);
        for (int cut = 0; cut <= bytes.length; cut++) {
            var stream = Talk.response(Talk.WITH_USAGE).stream(10_000);
            var out = new ByteArrayOutputStream();
            out.writeBytes(stream.feed(Arrays.copyOfRange(bytes, 0, cut)));
            out.writeBytes(stream.feed(Arrays.copyOfRange(bytes, cut, bytes.length)));
            out.writeBytes(stream.end());
            assertThat(out.toByteArray()).as("cut at %d", cut).isEqualTo(expected);
        }
        for (int piece = 1; piece < 20; piece++) {
            assertThat(whole(bytes, piece)).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"delta\":{\"text\":\"a\\u00fcb\",\"type\":\"text_delta\"},\"index\":0,\"type\":\"content_block_delta\"}",
                "{\"type\":\"content_block_delta\",\"\\u0069ndex\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"a\u00fcb\"}}",
                "{\"x\":{\"type\":\"ping\",\"text\":\"no\"},\"type\":\"content_block_delta\",\"index\":0,"
                        + "\"delta\":{\"x\":{\"text\":\"no\"},\"thinking\":\"no\",\"type\":\"text_delta\",\"text\":\"a\u00fcb\",\"y\":[{}]}}"
            })
    void readsADeltaWhateverItsMembersOrder(String data) {
        String stream = start() + beginText(0) + "data: " + data + "\n\n" + end("end_turn");
        assertThat(frames(Talk.PLAIN, stream).joined("content")).isEqualTo("a\u00fcb");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"news\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"no\"}}",
                "{\"type\":\"content_block_delta\",\"index\":0,\"x\":{\"type\":\"text_delta\",\"text\":\"no\"}}",
                "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"news_delta\",\"text\":\"no\"}}",
                "{\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"type\":\"text_delta\",\"text\":\"no\"}}",
                "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":7}}"
            })
    void takesNothingElseForADelta(String data) {
        String stream = start() + beginText(0) + "data: " + data + "\n\n" + end("end_turn");
        var frames = frames(Talk.PLAIN, stream);
        assertThat(frames.joined("content")).isEmpty();
        assertThat(frames.done()).isTrue();
    }

    @Test
    void keepsHalvesOfASurrogatePairThatComeInTwoDeltas() {
        String stream = start()
                + beginText(0)
                + delta(0, DeltaKind.TEXT, "\"a\\ud83d\"")
                + delta(0, DeltaKind.TEXT, "\"\\ude00\"")
                + end("end_turn");
        assertThat(frames(Talk.PLAIN, stream).joined("content")).isEqualTo("a\ud83d\ude00");
    }

    @Test
    void refusesAnEventOverTheLimitAtEveryCutAndKeepsWhatCameBefore() {
        String before = start() + beginText(0) + text(0, "Hi");
        byte[] bytes = (before + text(0, "x".repeat(500)) + end("end_turn")).getBytes(StandardCharsets.UTF_8);
        for (int piece = 1; piece < bytes.length; piece += 7) {
            var stream = Talk.response(Talk.PLAIN).stream(500);
            var frames = ChatFrames.of(Talk.translated(stream, bytes, piece));
            assertThat(frames.joined("content")).isEqualTo("Hi");
            assertThat(frames.error().getString("message")).contains("too large");
            assertThat(frames.done()).isFalse();
            assertThat(stream.failed()).isTrue();
        }
    }

    private static byte[] whole(byte[] bytes, int piece) {
        return Talk.translated(Talk.response(Talk.WITH_USAGE).stream(10_000), bytes, piece);
    }
}
