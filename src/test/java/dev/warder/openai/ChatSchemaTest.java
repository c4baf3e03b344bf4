package dev.warder.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.openai.core.ObjectMappers;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.ErrorObject;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.models.Model;
import dev.warder.edit.ListedModels;
import dev.warder.openai.ChatRequestReader.ChatContext;
import dev.warder.openai.shared.OpenAiError;
import dev.warder.openai.shared.PropertyNames;
import dev.warder.testkit.Messages;
import dev.warder.testkit.Turns;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Answers and chunks have what OpenAI's schema demands, by the classes that OpenAI generates from it: no registry has the
 * schema itself. They refuse a member that is missing or of another kind, and a word of an enumeration that they do not know.
 */
@Tag("turn-5")
class ChatSchemaTest {
    private static final JsonMapper JSON = ObjectMappers.jsonMapper();
    private static final ChatContext LOOK_UNWRAPPED =
            new ChatContext("gpt-4o", true, true, true, Optional.of("look"), false, Set.of(), PropertyNames.NONE);
    private static final List<ChatContext> CONTEXTS =
            List.of(Talk.PLAIN, Talk.WITH_USAGE, Talk.WITHOUT_REASONING, Talk.LEGACY, LOOK_UNWRAPPED);
    private static final int RUNS = Turns.of(12, 60);

    /** What a client puts together of the chunks, and of the completion, is what the model said. */
    @ParameterizedTest
    @ValueSource(longs = {1, 1001, 2001, 3001})
    void randomMessagesAreToldWhole(long first) throws Exception {
        for (long seed = first; seed < first + RUNS; seed++) {
            var message = new RandomMessage(seed);
            byte[] body = message.whole().toString().getBytes(StandardCharsets.UTF_8);
            for (ChatContext context : CONTEXTS) {
                completion(context, body);
                var frames = Talk.frames(context, message.events(), 1 + new Random(seed).nextInt(200));
                assertThat(frames.done()).as("seed %d", seed).isTrue();
                check(frames);
            }
            var chunked = ChatFrames.of(
                    Talk.response(Talk.WITH_USAGE).whole(body, true).orElseThrow());
            for (var frames : List.of(Talk.frames(Talk.WITH_USAGE, message.events(), 100), chunked)) {
                var told = ChatCompletionAccumulator.create();
                check(frames).forEach(told::accumulate);
                check(message, told.chatCompletion().validate(), seed);
                assertThat(frames.joined("reasoning_content")).isEqualTo(message.thoughts());
            }
            var whole = completion(Talk.PLAIN, body);
            check(message, whole, seed);
            var thoughts = whole.choices().get(0).message()._allProperties().get("reasoning_content");
            assertThat(thoughts == null ? "" : thoughts.asStringOrThrow()).isEqualTo(message.thoughts());
        }
    }

    private static void check(RandomMessage message, ChatCompletion told, long seed) {
        var choice = told.choices().get(0).message();
        assertThat(choice.content().orElse("")).as("seed %d", seed).isEqualTo(message.texts());
        var calls = choice.toolCalls().orElse(List.of());
        assertThat(calls).as("seed %d", seed).hasSize(message.inputs().size());
        for (int i = 0; i < calls.size(); i++) {
            var call = calls.get(i).asFunction();
            assertThat(call.id()).isEqualTo("toolu_" + i);
            assertThat(Talk.object(call.function().arguments()))
                    .isEqualTo(message.inputs().get(i));
        }
        assertThat(told.usage().orElseThrow().completionTokens()).isEqualTo(550);
    }

    static List<String> stopReasons() {
        return RandomMessage.STOP_REASONS;
    }

    @ParameterizedTest
    @MethodSource("stopReasons")
    void everyStopReasonIsAFinishReason(String stopReason) throws Exception {
        String message =
                "{\"type\":\"message\",\"content\":[{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"look\",\"input\":{}}],"
                        + "\"stop_reason\":\"" + stopReason + "\"}";
        String stream = Talk.start() + Talk.beginTool(0, "t", "look") + Talk.stop(0) + Talk.end(stopReason);
        for (ChatContext context : CONTEXTS) {
            var whole = completion(context, message.getBytes(StandardCharsets.UTF_8));
            var chunks = check(Talk.frames(context, stream, 100));
            var last = chunks.stream()
                    .flatMap(chunk -> chunk.choices().stream())
                    .flatMap(choice -> choice.finishReason().stream())
                    .toList();
            assertThat(last).hasSize(1);
            assertThat(last.get(0).asString())
                    .isEqualTo(whole.choices().get(0).finishReason().asString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"type\":\"message\",\"content\":[]}", "{\"type\":\"message\",\"content\":[{},null]}"})
    void aMessageThatSaysNothingIsACompletion(String message) throws Exception {
        for (ChatContext context : CONTEXTS) {
            completion(context, message.getBytes(StandardCharsets.UTF_8));
            check(Talk.frames(context, Talk.event("message_start", "") + Talk.event("message_stop", ""), 100));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "400, invalid_request_error",
        "401, authentication_error",
        "402, billing_error",
        "429, rate_limit_error",
        "529, overloaded_error",
        "502, new_error"
    })
    void errorsAreErrorObjects(int status, String type) throws Exception {
        byte[] body = OpenAiError.of(status, Messages.error(type, "No.").getBytes(StandardCharsets.UTF_8))
                .body();
        JSON.treeToValue(JSON.readTree(body).get("error"), ErrorObject.class).validate();
        var frames = Talk.frames(Talk.PLAIN, Talk.start() + "data: " + Messages.error(type, "No.") + "\n\n", 100);
        JSON.readValue(frames.error().toString(), ErrorObject.class).validate();
        JSON.treeToValue(
                        JSON.readTree(OpenAiError.of(status, new byte[0]).body())
                                .get("error"),
                        ErrorObject.class)
                .validate();
    }

    @Test
    void modelsAreModels() throws Exception {
        String model = "{\"type\":\"model\",\"id\":\"claude-x\",\"created_at\":\"2026-10-21T00:00:00Z\"}";
        byte[] page = ("{\"data\":[" + model + "]}").getBytes(StandardCharsets.UTF_8);
        var models = new ListedModels(Map.of("gpt-4o", "claude-x"), Map.of());
        byte[] list = ModelsTranslator.list(page, models, name -> true).orElseThrow();
        for (var listed : JSON.readTree(list).get("data")) {
            JSON.treeToValue(listed, Model.class).validate();
        }
        byte[] one = ModelsTranslator.one("gpt-4o", models, model.getBytes(StandardCharsets.UTF_8))
                .orElseThrow();
        JSON.readValue(one, Model.class).validate();
    }

    private static ChatCompletion completion(ChatContext context, byte[] message) throws Exception {
        byte[] told = Talk.response(context).whole(message, false).orElseThrow();
        return JSON.readValue(told, ChatCompletion.class).validate();
    }

    private static List<ChatCompletionChunk> check(ChatFrames frames) throws Exception {
        var chunks = new ArrayList<ChatCompletionChunk>();
        for (var chunk : frames.chunks()) {
            chunks.add(
                    JSON.readValue(chunk.toString(), ChatCompletionChunk.class).validate());
        }
        return chunks;
    }
}
