package dev.warder.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.openai.core.ObjectMappers;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.ErrorObject;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.models.Model;
import dev.warder.openai.chat.ChatContext;
import dev.warder.openai.chat.ChatFrames;
import dev.warder.openai.chat.ChatResponse;
import dev.warder.openai.chat.RandomMessage;
import dev.warder.openai.chat.Talk;
import dev.warder.openai.shared.OpenAiError;
import dev.warder.testkit.Messages;
import dev.warder.testkit.Turns;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
            new ChatContext("gpt-4o", true, true, true, Optional.of("look"), false, Set.of());
    private static final List<ChatContext> CONTEXTS =
            List.of(Talk.PLAIN, Talk.WITH_USAGE, Talk.WITHOUT_REASONING, Talk.LEGACY, LOOK_UNWRAPPED);
    private static final int RUNS = Turns.of(12, 60);

    @ParameterizedTest
    @ValueSource(longs = {1, 1001, 2001, 3001})
    void randomMessagesAreCompletions(long first) throws Exception {
        for (long seed = first; seed < first + RUNS; seed++) {
            byte[] body = new RandomMessage(seed).whole().toString().getBytes(StandardCharsets.UTF_8);
            for (ChatContext context : CONTEXTS) {
                completion(context, body);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 1001, 2001, 3001})
    void randomStreamsAreChunks(long first) throws Exception {
        for (long seed = first; seed < first + RUNS; seed++) {
            for (ChatContext context : CONTEXTS) {
                var frames = frames(context, new RandomMessage(seed).events());
                assertThat(frames.done()).isTrue();
                check(frames);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 1001, 2001, 3001})
    void theSdkPutsTogetherWhatTheModelSaid(long first) throws Exception {
        for (long seed = first; seed < first + RUNS; seed++) {
            var message = new RandomMessage(seed);
            var told = ChatCompletionAccumulator.create();
            for (var chunk : check(frames(Talk.WITH_USAGE, message.events()))) {
                told.accumulate(chunk);
            }
            var completion = told.chatCompletion().validate();
            var choice = completion.choices().get(0);
            assertThat(choice.message().content().orElse("")).isEqualTo(message.texts());
            var calls = choice.message().toolCalls().orElse(List.of());
            assertThat(calls).hasSize(message.inputs().size());
            for (int i = 0; i < calls.size(); i++) {
                var call = calls.get(i).asFunction();
                assertThat(call.id()).isEqualTo("toolu_" + i);
                assertThat(Talk.object(call.function().arguments()))
                        .isEqualTo(message.inputs().get(i));
            }
            assertThat(completion.usage().orElseThrow().completionTokens()).isEqualTo(550);
        }
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
            var chunks = check(frames(context, stream));
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
            check(frames(context, Talk.event("message_start", "") + Talk.event("message_stop", "")));
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
        var frames = frames(Talk.PLAIN, Talk.start() + "data: " + Messages.error(type, "No.") + "\n\n");
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
        byte[] list = ModelsTranslator.list(page, Map.of("gpt-4o", "claude-x"), name -> true)
                .orElseThrow();
        for (var listed : JSON.readTree(list).get("data")) {
            JSON.treeToValue(listed, Model.class).validate();
        }
        byte[] one = ModelsTranslator.one("gpt-4o", model.getBytes(StandardCharsets.UTF_8))
                .orElseThrow();
        JSON.readValue(one, Model.class).validate();
    }

    private static ChatCompletion completion(ChatContext context, byte[] message) throws Exception {
        byte[] told = new ChatResponse(context, "x", Instant.EPOCH)
                .completion(message)
                .orElseThrow();
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

    private static ChatFrames frames(ChatContext context, String events) {
        var stream = new ChatResponse(context, "x", Instant.EPOCH).stream(1_000_000);
        return ChatFrames.of(stream.feed(events.getBytes(StandardCharsets.UTF_8)));
    }
}
