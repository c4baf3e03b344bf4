package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import jakarta.json.JsonObject;
import jakarta.json.spi.JsonProvider;
import java.io.StringReader;
import java.util.List;
import java.util.stream.Collectors;

/** Requests of the Responses API, and what their answers hold. */
final class Responses {
    private static final JsonProvider JSON = JsonProvider.provider();

    static final String PATH = "/v1/responses";

    private static final String INPUT = "\"input\":\"Grüß dich\"}";
    static final String WHOLE = "{\"model\":\"" + Completions.ALIAS + "\"," + INPUT;
    static final String STREAM = "{\"model\":\"" + Completions.ALIAS + "\",\"stream\":true," + INPUT;

    private Responses() {}

    /** A request with the access token. */
    static RawRequest request(String json) {
        return Completions.authenticated("POST", PATH).json(json);
    }

    /** The text of a whole response. */
    static String text(RawResponse answer) {
        assertThat(answer.status()).as("%s", answer).isEqualTo(200);
        return text(Answers.json(answer));
    }

    /** The text of all messages of a response object. */
    static String text(JsonObject response) {
        return response.getJsonArray("output").getValuesAs(JsonObject.class).stream()
                .filter(item -> item.getString("type").equals("message"))
                .flatMap(item -> item.getJsonArray("content").getValuesAs(JsonObject.class).stream())
                .map(part -> part.getString("text"))
                .collect(Collectors.joining());
    }

    /** The data of all events, whatever comments are between them; each event has the name that its data have. */
    static List<JsonObject> events(String body) {
        return body.lines()
                .filter(line -> line.startsWith("data: {"))
                .map(line ->
                        JSON.createReader(new StringReader(line.substring(6))).readObject())
                .peek(event -> assertThat(body).contains("event: " + event.getString("type") + "\ndata: "))
                .toList();
    }

    /** The text of all deltas. */
    static String streamedText(String body) {
        return events(body).stream()
                .filter(event -> event.getString("type").equals("response.output_text.delta"))
                .map(event -> event.getString("delta"))
                .collect(Collectors.joining());
    }

    /** The last event, with the response that it holds; the events before have ascending numbers. */
    static JsonObject last(String body) {
        var events = events(body);
        long before = -1;
        for (var event : events) {
            assertThat(event.getJsonNumber("sequence_number").longValue())
                    .as(body)
                    .isGreaterThan(before);
            before = event.getJsonNumber("sequence_number").longValue();
        }
        return events.get(events.size() - 1);
    }

    /** A stream with this text that failed once with this code, and had no event after that. */
    static JsonObject brokenOff(String body, String text, String code) {
        assertThat(streamedText(body)).isEqualTo(text);
        assertThat(body)
                .containsOnlyOnce("event: response.failed")
                .doesNotContain("event: error", "response.completed");
        var last = last(body);
        assertThat(last.getString("type")).isEqualTo("response.failed");
        var response = last.getJsonObject("response");
        assertThat(response.getString("status")).isEqualTo("failed");
        assertThat(response.getJsonObject("error").getString("code")).isEqualTo(code);
        return response;
    }
}
