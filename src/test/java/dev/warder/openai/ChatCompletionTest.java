package dev.warder.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.openai.ChatRequestReader.ChatContext;
import dev.warder.openai.shared.MessageTranslation;
import dev.warder.stream.Usage;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChatCompletionTest {
    private static final String TEXT = "{\"type\":\"text\",\"text\":\"Hi\"}";
    private static final String CALL =
            "{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"look\",\"input\":{\"k\":{\"\u00fc\":[1,\"\ud83d\ude00\"]}}}";

    @Test
    void t40T49T52TellsATextAsACompletion() {
        assertThat(completion(Talk.PLAIN, TEXT, "end_turn"))
                .isEqualTo(
                        Talk.object("{\"id\":\"chatcmpl-01AbC\",\"object\":\"chat.completion\",\"created\":1800000000,"
                                + "\"model\":\"gpt-\u00fc\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
                                + "\"content\":\"Hi\",\"refusal\":null},\"logprobs\":null,\"finish_reason\":\"stop\"}],"
                                + "\"usage\":{\"prompt_tokens\":0,\"completion_tokens\":0,\"total_tokens\":0,"
                                + "\"prompt_tokens_details\":{\"cached_tokens\":0,\"cache_write_tokens\":0},"
                                + "\"completion_tokens_details\":{\"reasoning_tokens\":0}}}"));
    }

    @Test
    void t42TellsCallsAloneWithoutContent() {
        var message = message(Talk.PLAIN, CALL, "tool_use");
        assertThat(message.isNull("content")).isTrue();
        assertThat(message.getJsonArray("tool_calls").getJsonObject(0).getString("id"))
                .isEqualTo("toolu_1");
        assertThat(choice(Talk.PLAIN, CALL, "tool_use").getString("finish_reason"))
                .isEqualTo("tool_calls");
    }

    @Test
    void t45T46TellsThinkingAsReasoningUnlessSwitchedOff() {
        String blocks = "{\"type\":\"thinking\",\"thinking\":\"Hm\",\"signature\":\"s\"},"
                + "{\"type\":\"redacted_thinking\",\"data\":\"x\"}," + TEXT;
        var message = message(Talk.PLAIN, blocks, "end_turn");
        assertThat(message.getString("content")).isEqualTo("Hi");
        assertThat(message.getString("reasoning_content")).isEqualTo("Hm");
        assertThat(message(Talk.WITHOUT_REASONING, blocks, "end_turn").containsKey("reasoning_content"))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "end_turn, stop",
        "stop_sequence, stop",
        "pause_turn, length",
        "max_tokens, length",
        "model_context_window_exceeded, length",
        "tool_use, tool_calls",
        "refusal, content_filter",
        "something_new, length"
    })
    void t47TellsWhyItEnded(String stopReason, String finishReason) {
        assertThat(choice(Talk.PLAIN, CALL, stopReason).getString("finish_reason"))
                .isEqualTo(finishReason);
    }

    @ParameterizedTest
    @CsvSource({
        "3, 12304, 0, 550, 12307, 12857, 0, 12304",
        "null, null, null, null, 0, 0, 0, 0",
        "1, 100, 200, 5, 301, 306, 200, 100"
    })
    void t48CountsAllThatWentIn(
            String input, String creation, String read, String output, int prompt, int total, int cached, int written) {
        String usage = "{\"input_tokens\":" + input + ",\"cache_creation_input_tokens\":" + creation
                + ",\"cache_read_input_tokens\":" + read + ",\"output_tokens\":" + output + "}";
        var told = MessageTranslation.tokens(Usage.NONE.with(Talk.object(usage)), "prompt", "completion");
        assertThat(told.getInt("prompt_tokens")).isEqualTo(prompt);
        assertThat(told.getInt("total_tokens")).isEqualTo(total);
        assertThat(told.getJsonObject("prompt_tokens_details").getInt("cached_tokens"))
                .isEqualTo(cached);
        assertThat(told.getJsonObject("prompt_tokens_details").getInt("cache_write_tokens"))
                .isEqualTo(written);
    }

    @Test
    void t45TellsTheTextOfACustomToolsCall() {
        String call = "{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"look\",\"input\":{\"input\":\"a \\\"b\\\"\"}}";
        assertThat(choice(Talk.CUSTOM, call, "tool_use")
                        .getJsonObject("message")
                        .getJsonArray("tool_calls")
                        .getJsonObject(0))
                .isEqualTo(Talk.object("{\"id\":\"t\",\"type\":\"custom\",\"custom\":{\"name\":\"look\",\"input\":"
                        + "\"a \\\"b\\\"\"}}"));
    }

    @Test
    void t27UnwrapsTheToolThatStandsForTheAnswer() {
        String answer = CALL.replace("look", "answer");
        var choice = choice(Talk.UNWRAPPED, answer, "tool_use");
        var message = choice.getJsonObject("message");
        assertThat(Talk.object(message.getString("content")))
                .isEqualTo(Talk.object(answer).get("input"));
        assertThat(message.containsKey("tool_calls")).isFalse();
        assertThat(choice.getString("finish_reason")).isEqualTo("stop");
    }

    @Test
    void t23TellsACallInTheOldForm() {
        var choice = choice(Talk.LEGACY, CALL, "tool_use");
        var message = choice.getJsonObject("message");
        assertThat(message.getJsonObject("function_call").getString("name")).isEqualTo("look");
        assertThat(message.containsKey("tool_calls")).isFalse();
        assertThat(choice.getString("finish_reason")).isEqualTo("function_call");
    }

    @Test
    void tellsARefusalAsOne() {
        var message = message(Talk.PLAIN, "", "refusal");
        assertThat(message.getString("refusal")).isEqualTo("The model refused to answer.");
        assertThat(message.getString("content")).isEmpty();
    }

    @Test
    void keepsHalfASurrogatePair() {
        String half = "{\"type\":\"text\",\"text\":\"a\\ud83db\\ude00\ud83d\ude00\"}";
        assertThat(message(Talk.PLAIN, half, "end_turn").getString("content")).isEqualTo("a\ud83db\ude00\ud83d\ude00");
    }

    @Test
    void makesNothingOfWhatIsNoMessage() {
        String message = "{\"type\":\"message\",\"content\":[%s]}";
        assertThat(Talk.response(Talk.PLAIN).whole(utf8(message.formatted("") + "\r\n "), false))
                .isPresent();
        var others = new ArrayList<>(List.of("", "<html>", "[]", "{}", "{\"type\":\"message\"}"));
        others.add("{\"type\":\"error\",\"content\":[]}");
        List.of(" x", "{}", ",", "]", "\0").forEach(rest -> others.add(message.formatted("") + rest));
        List.of(1_000, 20_000, 500_000)
                .forEach(depth -> others.add(message.formatted(
                        "{\"type\":\"tool_use\",\"input\":{\"d\":" + "[".repeat(depth) + "]".repeat(depth) + "}}")));
        assertThat(others)
                .allSatisfy(other -> assertThat(Talk.response(Talk.PLAIN).whole(utf8(other), false))
                        .isEmpty());
    }

    @Test
    void tellsNothingButTheAnswersInputAsContent() {
        String thought = "{\"type\":\"thinking\",\"thinking\":\"Hm.\"},";
        String answer = "{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"answer\",\"input\":{\"a\":%d}}";
        String blocks = thought + TEXT + "," + answer.formatted(1) + "," + TEXT + "," + answer.formatted(2);
        var message = message(Talk.UNWRAPPED, blocks, "tool_use");
        assertThat(message.getString("content")).isEqualTo("{\"a\":1}");
        assertThat(message.getString("reasoning_content")).isEqualTo("Hm.HiHi");
        assertThat(message(Talk.UNWRAPPED, thought + TEXT, "end_turn").getString("content"))
                .isEqualTo("Hi");
    }

    @Test
    void tellsATextBesideTheAnswersToolOfAModelThatCallsAnother() {
        var message = message(Talk.UNWRAPPED, TEXT + "," + CALL, "tool_use");
        assertThat(message.getString("content")).isEqualTo("Hi");
        assertThat(message.getJsonArray("tool_calls")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "\"\"", "[]", "{}"})
    void tellsACallThatLacksItsMembers(String none) {
        String call = "{\"type\":\"tool_use\",\"id\":" + none + ",\"name\":" + none + ",\"input\":" + none + "}";
        var told =
                message(Talk.PLAIN, call, "tool_use").getJsonArray("tool_calls").getJsonObject(0);
        assertThat(told)
                .isEqualTo(Talk.object(
                        "{\"id\":\"\",\"type\":\"function\"," + "\"function\":{\"name\":\"\",\"arguments\":\"{}\"}}"));
    }

    @Test
    void keepsTextsAndNumbersAsTheyAre() {
        String odd = "\\u0000\\u001f\u2028\u0085\\\\\\\"\ufeff";
        String number = "123456789".repeat(100);
        String block = "{\"type\":\"text\",\"text\":\"" + odd
                + "\"},{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"n\"," + "\"input\":{\"n\":" + number + ",\"d\":"
                + "[".repeat(300) + "]".repeat(300) + ",\"" + odd + "\":1}}";
        var message = message(Talk.PLAIN, block, "tool_use");
        assertThat(message.getString("content")).isEqualTo("\0\u001f\u2028\u0085\\\"\ufeff");
        String arguments = message.getJsonArray("tool_calls")
                .getJsonObject(0)
                .getJsonObject("function")
                .getString("arguments");
        assertThat(arguments).contains("\"n\":" + number + ",");
        assertThat(Talk.object(arguments)).hasSize(3).containsKey("\0\u001f\u2028\u0085\\\"\ufeff");
    }

    @Test
    void writesControlCharactersInTheirShortForms() {
        String block = "{\"type\":\"text\",\"text\":\"\\u0008\\u000c\\u0001\\/\u007f\"}";
        byte[] body = ("{\"type\":\"message\",\"content\":[" + block + "]}").getBytes(StandardCharsets.UTF_8);
        byte[] completion = Talk.response(Talk.PLAIN).whole(body, false).orElseThrow();
        assertThat(new String(completion, StandardCharsets.UTF_8)).contains("\"content\":\"\\b\\f\\u0001/\u007f\"");
    }

    private static JsonObject completion(ChatContext context, String blocks, String stopReason) {
        String body = "{\"id\":\"msg_01AbC\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-test\","
                + "\"content\":[" + blocks + "],\"stop_reason\":\"" + stopReason + "\",\"usage\":null}";
        byte[] told = Talk.response(context).whole(utf8(body), false).orElseThrow();
        return Talk.object(new String(told, StandardCharsets.UTF_8));
    }

    private static JsonObject choice(ChatContext context, String blocks, String stopReason) {
        return completion(context, blocks, stopReason).getJsonArray("choices").getJsonObject(0);
    }

    private static JsonObject message(ChatContext context, String blocks, String stopReason) {
        return choice(context, blocks, stopReason).getJsonObject("message");
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
