package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.anthropic.core.ObjectMappers;
import com.anthropic.models.messages.MessageCreateParams;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.warder.testkit.RecordedRequest;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Set;

/**
 * A message request as it came upstream, which the classes of Anthropic's SDK have found valid. Immutable.
 *
 * @param body as these classes read it
 * @param json as it stood on the wire
 */
record SentMessage(MessageCreateParams.Body body, JsonObject json) {
    /** Checks the request: that it is one for a message, and goes with the managed key and nothing of the client's. */
    static SentMessage of(RecordedRequest request) {
        return of(request, Contract.MANAGED_KEY);
    }

    /** The same, where {@code key} goes along. */
    static SentMessage of(RecordedRequest request, String key) {
        var fields = request.fields();
        assertThat(request.method() + " " + request.target()).isEqualTo("POST /v1/messages");
        assertThat(fields.values("anthropic-version")).containsExactly("2023-06-01");
        assertThat(fields.values("x-api-key")).containsExactly(key);
        assertThat(fields.has("authorization")).isFalse();
        assertThat(fields.has("x-warder-token")).isFalse();
        return of(request.text());
    }

    private static SentMessage of(String text) {
        var json = Answers.json(text);
        try {
            var body = ObjectMappers.jsonMapper().readValue(text, MessageCreateParams.Body.class);
            assertThat(body.validate()._additionalProperties().keySet()).isSubsetOf(Set.of("stream"));
            assertThat(body.model().asString()).isEqualTo(ApiMessage.MODEL);
            return new SentMessage(body, json);
        } catch (JsonProcessingException none) {
            throw new AssertionError(text, none);
        }
    }

    /** The last message. */
    JsonObject last() {
        var messages = json.getJsonArray("messages");
        return messages.getJsonObject(messages.size() - 1);
    }

    /** The content of the last message, block by block. */
    List<JsonObject> blocks() {
        return blocks(json.getJsonArray("messages").size() - 1);
    }

    /** The content of the message with this index, block by block. */
    List<JsonObject> blocks(int message) {
        return json.getJsonArray("messages").getJsonObject(message).getJsonArray("content").stream()
                .map(JsonValue::asJsonObject)
                .toList();
    }

    boolean stream() {
        return json.getBoolean("stream", false);
    }
}
