package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Messages;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import jakarta.json.JsonObject;
import jakarta.json.spi.JsonProvider;
import java.io.StringReader;
import java.util.List;
import java.util.stream.Collectors;

/** Requests for chat completions, and what their answers hold. */
final class Completions {
    private static final JsonProvider JSON = JsonProvider.provider();

    static final String PATH = "/v1/chat/completions";

    /** What clients call the model; {@link #ALIASES} says what it is. */
    static final String ALIAS = "gpt-test";

    static final String MODEL = "claude-sonnet-5-5";
    static final String ALIASES = ALIAS + "=" + MODEL;
    static final String DONE = "data: [DONE]\n\n";

    private static final String HELLO = "\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";
    static final String WHOLE = "{\"model\":\"" + ALIAS + "\"," + HELLO;
    static final String STREAM = "{\"model\":\"" + ALIAS + "\",\"stream\":true," + HELLO;

    /** The upstream's stream of a call that ends at the limit of tokens, within its input. */
    static final String CUT_OFF = Messages.start()
            + Messages.event(
                    "content_block_start",
                    """
                    {"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"toolu_1","name":"look","input":{}}}""")
            + Messages.event(
                    "content_block_delta",
                    """
                    {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\\"city\\":[\\"P"}}""")
            + Messages.end().replace("end_turn", "max_tokens");

    private Completions() {}

    /** A request with the access token. */
    static RawRequest request(String json) {
        return authenticated("POST", PATH).json(json);
    }

    /** A request of a client that speaks OpenAI's dialect, with the access token. */
    static RawRequest authenticated(String method, String target) {
        return RawRequest.of(method, target).bearer(Contract.ACCESS_TOKEN);
    }

    /** The text of a whole completion. */
    static String text(RawResponse answer) {
        assertThat(answer.status()).as("%s", answer).isEqualTo(200);
        return Answers.json(answer)
                .getJsonArray("choices")
                .getJsonObject(0)
                .getJsonObject("message")
                .getString("content");
    }

    /** The text of all chunks together, whatever comments are between them. */
    static String streamedText(String body) {
        return frames(body).stream()
                .flatMap(frame -> frame.getJsonArray("choices").getValuesAs(JsonObject.class).stream())
                .map(choice -> choice.getJsonObject("delta").getString("content", ""))
                .collect(Collectors.joining());
    }

    /** The documents of all frames but {@code [DONE]}. */
    static List<JsonObject> frames(String body) {
        return body.lines()
                .filter(line -> line.startsWith("data: {"))
                .map(line ->
                        JSON.createReader(new StringReader(line.substring(6))).readObject())
                .toList();
    }

    /** A stream that told this text, then one error with this code, and nothing more. */
    static void brokenOff(String body, String text, String code) {
        assertThat(body).doesNotContain("[DONE]");
        var frames = frames(body);
        var error = frames.get(frames.size() - 1).getJsonObject("error");
        assertThat(error).as(body).isNotNull();
        assertThat(error.keySet()).containsExactlyInAnyOrder("message", "type", "param", "code");
        assertThat(error.getString("code")).isEqualTo(code);
        assertThat(body).containsOnlyOnce("\"error\"");
        assertThat(streamedText(body.substring(0, body.lastIndexOf("data: ")))).isEqualTo(text);
    }

    /** An error in OpenAI's shape with this code, empty for none; its message. */
    static String refused(RawResponse answer, int status, String type, String code) {
        assertThat(answer.status()).as("%s", answer).isEqualTo(status);
        assertThat(answer.fields().values("content-type")).containsExactly("application/json");
        assertThat(answer.fields().has("content-encoding")).isFalse();
        var document = Answers.json(answer);
        assertThat(document.keySet()).containsExactly("error");
        var error = document.getJsonObject("error");
        assertThat(error.keySet()).containsExactlyInAnyOrder("message", "type", "param", "code");
        assertThat(error.getString("type")).isEqualTo(type);
        assertThat(error.getString("code", "")).isEqualTo(code);
        return error.getString("message");
    }
}
