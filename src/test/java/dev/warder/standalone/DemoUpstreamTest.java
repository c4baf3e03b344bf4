package dev.warder.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DemoUpstreamTest {
    private static final String KEY = "demo_" + "k".repeat(32);
    private static final String SENTENCE = "Grüße an alle, die hier 🎈 mitlesen.";

    private final HttpClient client = HttpClient.newHttpClient();
    private final DemoUpstream demo = new DemoUpstream(KEY, new SecureRandom(), Duration.ofMillis(1));

    @BeforeEach
    void start() throws Exception {
        demo.start();
    }

    @AfterEach
    void stop() throws Exception {
        demo.stop();
    }

    @Test
    void echoesTheLastTextInAtLeastTenDeltas() throws Exception {
        List<JsonObject> events = events(SENTENCE);
        List<String> pieces = deltas(events, "text_delta", "text");
        assertThat(pieces).hasSizeGreaterThanOrEqualTo(10);
        assertThat(String.join("", pieces)).isEqualTo(SENTENCE);
        assertThat(types(events).stream().distinct())
                .containsExactly(
                        "message_start",
                        "ping",
                        "content_block_start",
                        "content_block_delta",
                        "content_block_stop",
                        "message_delta",
                        "message_stop");
    }

    @Test
    void givesShortTextsTenDeltasToo() throws Exception {
        assertThat(deltas(events("a"), "text_delta", "text")).hasSize(10);
        assertThat(String.join("", deltas(events("a"), "text_delta", "text"))).endsWith("a");
    }

    @Test
    void countsUsageAtTheStartAndTheEnd() throws Exception {
        List<JsonObject> events = events(SENTENCE);
        JsonObject message = events.get(0).getJsonObject("message");
        assertThat(message.getJsonArray("content")).isEmpty();
        assertThat(message.getString("model")).isEqualTo("claude-sonnet-5-5");
        assertThat(message.getJsonObject("usage").getInt("input_tokens")).isPositive();
        JsonObject end = events.get(events.size() - 2);
        assertThat(end.getJsonObject("delta").getString("stop_reason")).isEqualTo("end_turn");
        assertThat(end.getJsonObject("usage").getInt("output_tokens")).isGreaterThanOrEqualTo(10);
    }

    @Test
    void thinksFirstWhenAsked() throws Exception {
        List<JsonObject> events = events("[[thinking]] about it");
        assertThat(events.get(2).getJsonObject("content_block").getString("type"))
                .isEqualTo("thinking");
        assertThat(String.join("", deltas(events, "thinking_delta", "thinking")))
                .isNotEmpty();
        assertThat(deltas(events, "signature_delta", "signature"))
                .singleElement()
                .asString()
                .isNotEmpty();
        assertThat(String.join("", deltas(events, "text_delta", "text"))).isEqualTo("[[thinking]] about it");
    }

    @Test
    void usesTheFirstToolWhenAsked() throws Exception {
        String tools = "\"tools\":[{\"name\":\"look_up\",\"input_schema\":{\"type\":\"object\"}}],";
        List<JsonObject> events = parse(post(request("[[tool]] please", true).replace("\"max", tools + "\"max")));
        JsonObject block = events.stream()
                .filter(event -> event.getString("type").equals("content_block_start"))
                .map(event -> event.getJsonObject("content_block"))
                .filter(start -> start.getString("type").equals("tool_use"))
                .findFirst()
                .orElseThrow();
        assertThat(block.getString("name")).isEqualTo("look_up");
        List<String> parts = deltas(events, "input_json_delta", "partial_json");
        assertThat(parts).hasSizeGreaterThan(2);
        assertThat(json(String.join("", parts)).getString("text")).isEqualTo("[[tool]] please");
        assertThat(events.get(events.size() - 2).getJsonObject("delta").getString("stop_reason"))
                .isEqualTo("tool_use");
    }

    @Test
    void answersAToolResultWithText() throws Exception {
        String content = "[{\"type\":\"tool_result\",\"tool_use_id\":\"t\",\"content\":\"[[tool]] says 42 to this\"}]";
        List<JsonObject> events = parse(post(request("x", true).replace("\"x\"", content)));
        assertThat(String.join("", deltas(events, "text_delta", "text"))).isEqualTo("[[tool]] says 42 to this");
        assertThat(deltas(events, "input_json_delta", "partial_json")).isEmpty();
    }

    @Test
    void breaksInMidStreamWhenAsked() throws Exception {
        List<JsonObject> events = events("[[error mid]] of these many words");
        JsonObject last = events.get(events.size() - 1);
        assertThat(last.getString("type")).isEqualTo("error");
        assertThat(last.getJsonObject("error").getString("type")).isEqualTo("overloaded_error");
        assertThat(types(events)).contains("content_block_delta").doesNotContain("message_stop");
    }

    @ParameterizedTest
    @CsvSource({"429,rate_limit_error", "500,api_error", "529,overloaded_error"})
    void failsAsAsked(int status, String type) throws Exception {
        HttpResponse<String> response = post(request("[[error " + status + "]]", true));
        assertThat(response.statusCode()).isEqualTo(status);
        assertError(response, type);
        assertThat(response.headers().firstValue("retry-after").isPresent()).isEqualTo(status == 429);
    }

    @Test
    void answersWholeWithoutStream() throws Exception {
        HttpResponse<String> response = post(request("[[thinking]] [[tool]] x", false));
        assertThat(response.statusCode()).isEqualTo(200);
        JsonObject message = json(response.body());
        assertThat(message.getString("type")).isEqualTo("message");
        assertThat(message.getString("stop_reason")).isEqualTo("tool_use");
        JsonArray content = message.getJsonArray("content");
        assertThat(content.getValuesAs(JsonObject.class))
                .extracting(block -> block.getString("type"))
                .containsExactly("thinking", "text", "tool_use");
    }

    @Test
    void looksAtTheLastTextBlockOfTheUser() throws Exception {
        String content =
                "[{\"type\":\"text\",\"text\":\"[[error 500]]\"},{\"type\":\"text\",\"text\":\"the last of all\"}]},"
                        + "{\"role\":\"system\",\"content\":\"[[error 500]]\"";
        HttpResponse<String> response = post(request("x", false).replace("\"x\"", content));
        assertThat(json(response.body())
                        .getJsonArray("content")
                        .getJsonObject(0)
                        .getString("text"))
                .isEqualTo("the last of all");
    }

    @Test
    void takesOnlyItsKey() throws Exception {
        HttpResponse<String> wrong = post(request("x", true), request -> request.setHeader("x-api-key", "other"));
        assertThat(wrong.statusCode()).isEqualTo(401);
        assertError(wrong, "authentication_error");
        HttpResponse<String> bearer = send(HttpRequest.newBuilder(demo.url().resolve("/v1/models"))
                .header("authorization", "Bearer " + KEY)
                .header("anthropic-version", "2023-06-01")
                .build());
        assertThat(bearer.statusCode()).isEqualTo(401);
        assertThat(bearer.body()).contains("x-api-key header is required");
    }

    @Test
    void needsAVersion() throws Exception {
        HttpResponse<String> response = send(HttpRequest.newBuilder(demo.url().resolve("/v1/models"))
                .header("x-api-key", KEY)
                .build());
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("anthropic-version: header is required");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{\"messages\":[{}],\"max_tokens\":1}",
                "{\"model\":\"m\",\"messages\":[],\"max_tokens\":1}",
                "{\"model\":\"m\",\"messages\":[{}]}"
            })
    void refusesWhatIsNoRequest(String body) throws Exception {
        HttpResponse<String> response = post(body);
        assertThat(response.statusCode()).isEqualTo(400);
        assertError(response, "invalid_request_error");
    }

    @Test
    void countsTokens() throws Exception {
        int little = count("one");
        assertThat(little).isPositive();
        assertThat(count("one and another two hundred")).isGreaterThan(little);
    }

    @Test
    void listsModelsAndKnowsEach() throws Exception {
        JsonObject list = json(get("/v1/models?limit=1000").body());
        assertThat(list.getJsonArray("data").getValuesAs(JsonObject.class))
                .extracting(model -> model.getString("id"))
                .contains("claude-sonnet-5-5");
        assertThat(json(get("/v1/models/claude-sonnet-5-5").body()).getString("type"))
                .isEqualTo("model");
        assertThat(get("/v1/models/other").statusCode()).isEqualTo(404);
    }

    @Test
    void saysHelloWithoutAKey() throws Exception {
        HttpRequest head = HttpRequest.newBuilder(demo.url().resolve("/api/hello"))
                .method("HEAD", BodyPublishers.noBody())
                .build();
        assertThat(send(head).statusCode()).isEqualTo(200);
    }

    @Test
    void servesNothingElse() throws Exception {
        HttpResponse<String> response = get("/v1/files");
        assertThat(response.statusCode()).isEqualTo(404);
        assertError(response, "not_found_error");
        assertThat(get("/v1/messages").statusCode()).isEqualTo(405);
    }

    private int count(String text) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(demo.url().resolve("/v1/messages/count_tokens"))
                .header("x-api-key", KEY)
                .header("anthropic-version", "2023-06-01")
                .POST(BodyPublishers.ofString(request(text, false).replaceFirst(",\"max_tokens\":9", "")))
                .build();
        return json(send(request).body()).getInt("input_tokens");
    }

    private HttpResponse<String> get(String path) throws Exception {
        return send(HttpRequest.newBuilder(demo.url().resolve(path))
                .header("x-api-key", KEY)
                .header("anthropic-version", "2023-06-01")
                .build());
    }

    private HttpResponse<String> post(String body) throws Exception {
        return post(body, request -> request);
    }

    private HttpResponse<String> post(String body, UnaryOperator<HttpRequest.Builder> change) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(demo.url().resolve("/v1/messages"))
                .header("x-api-key", KEY)
                .header("anthropic-version", "2023-06-01")
                .POST(BodyPublishers.ofString(body));
        return send(change.apply(request).build());
    }

    private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return client.send(request, BodyHandlers.ofString());
    }

    private static String request(String text, boolean stream) {
        return "{\"model\":\"claude-sonnet-5-5\",\"max_tokens\":9,\"stream\":" + stream
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]}";
    }

    private List<JsonObject> events(String text) throws Exception {
        return parse(post(request(text, true)));
    }

    private static List<JsonObject> parse(HttpResponse<String> response) {
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).hasValue("text/event-stream; charset=utf-8");
        assertThat(response.headers().firstValue("request-id")).isPresent();
        return Arrays.stream(response.body().split("\n\n"))
                .map(DemoUpstreamTest::event)
                .toList();
    }

    private static JsonObject event(String text) {
        String[] lines = text.split("\n");
        assertThat(lines).hasSize(2);
        JsonObject data = json(lines[1].substring("data: ".length()));
        assertThat(lines[0]).isEqualTo("event: " + data.getString("type"));
        return data;
    }

    private static List<String> types(List<JsonObject> events) {
        return events.stream().map(event -> event.getString("type")).collect(Collectors.toList());
    }

    private static List<String> deltas(List<JsonObject> events, String type, String member) {
        return events.stream()
                .filter(event -> event.containsKey("delta"))
                .map(event -> event.getJsonObject("delta"))
                .filter(delta -> delta.getString("type", "").equals(type))
                .map(delta -> delta.getString(member))
                .toList();
    }

    private static void assertError(HttpResponse<String> response, String type) {
        JsonObject body = json(response.body());
        assertThat(body.getString("type")).isEqualTo("error");
        assertThat(body.getJsonObject("error").getString("type")).isEqualTo(type);
        assertThat(body.getString("request_id"))
                .isEqualTo(response.headers().firstValue("request-id").orElseThrow());
    }

    private static JsonObject json(String text) {
        try (JsonReader reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }
}
