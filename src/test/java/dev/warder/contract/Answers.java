package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.RawResponse;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.util.List;

/** What holds for every answer that Warder gives itself. */
final class Answers {
    private static final String ID = "req_wrd_[a-z2-7]{26}";

    private Answers() {}

    /** An error in the shape of the Messages API with the type that errors of this status have; answers its message. */
    static String refused(RawResponse answer, int status) {
        var message = Refusal.check(answer, status);
        own(answer, status);
        return message;
    }

    /** An error in the shape of the Messages API; answers its message. */
    static String refused(RawResponse answer, int status, String type) {
        var message = Refusal.check(answer, status, type);
        own(answer, status);
        return message;
    }

    /** An error in OpenAI's shape with this code; empty for none. */
    static void refusedAsOpenAi(RawResponse answer, int status, String code) {
        var document = own(answer, status);
        var error = document.getJsonObject("error");
        assertThat(document.keySet()).containsExactly("error");
        assertThat(error.keySet()).containsExactlyInAnyOrder("message", "type", "param", "code");
        assertThat(error.getString("code", "")).isEqualTo(code);
        assertThat(answer.fields().values("x-request-id"))
                .isEqualTo(answer.fields().values("request-id"));
    }

    /** The document of an answer, which must be JSON. */
    static JsonObject json(RawResponse answer) {
        return json(answer.text());
    }

    /** The text as JSON. */
    static JsonObject json(String text) {
        try (var reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }

    /** The ids in a list. */
    static List<String> ids(RawResponse answer) {
        return json(answer).getJsonArray("data").getValuesAs(JsonObject.class).stream()
                .map(each -> each.getString("id"))
                .toList();
    }

    private static JsonObject own(RawResponse answer, int status) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        assertThat(answer.fields().values("content-type")).containsExactly("application/json");
        assertThat(answer.fields().values("cache-control")).containsExactly("no-store");
        assertThat(answer.fields().first("X-Warder-Request-Id").orElse("")).matches(ID);
        assertThat(answer.fields().values("request-id"))
                .isEqualTo(answer.fields().values("X-Warder-Request-Id"));
        assertThat(answer.fields().has("server")).isFalse();
        assertThat(answer.text()).doesNotContain("127.0.0.1");
        return json(answer);
    }
}
