package dev.warder.demo;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Talks to the stand-in and reads what it answers. */
final class DemoClient {
    private final HttpClient client = HttpClient.newHttpClient();
    private final URI url;
    private final String key;

    DemoClient(URI url, String key) {
        this.url = url;
        this.key = key;
    }

    int count(String text) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(url.resolve("/v1/messages/count_tokens"))
                .header("x-api-key", key)
                .header("anthropic-version", "2023-06-01")
                .POST(BodyPublishers.ofString(request(text, false).replaceFirst(",\"max_tokens\":9", "")))
                .build();
        return json(send(request).body()).getInt("input_tokens");
    }

    HttpResponse<String> get(String path) throws Exception {
        return send(HttpRequest.newBuilder(url.resolve(path))
                .header("x-api-key", key)
                .header("anthropic-version", "2023-06-01")
                .build());
    }

    HttpResponse<String> post(String body) throws Exception {
        return post(body, request -> request);
    }

    HttpResponse<String> post(String body, UnaryOperator<HttpRequest.Builder> change) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(url.resolve("/v1/messages"))
                .header("x-api-key", key)
                .header("anthropic-version", "2023-06-01")
                .POST(BodyPublishers.ofString(body));
        return send(change.apply(request).build());
    }

    HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return client.send(request, BodyHandlers.ofString());
    }

    static String request(String text, boolean stream) {
        return "{\"model\":\"claude-sonnet-5-5\",\"max_tokens\":9,\"stream\":" + stream
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]}";
    }

    List<JsonObject> events(String text) throws Exception {
        return parse(post(request(text, true)));
    }

    static List<JsonObject> parse(HttpResponse<String> response) {
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).hasValue("text/event-stream; charset=utf-8");
        assertThat(response.headers().firstValue("request-id")).isPresent();
        return Arrays.stream(response.body().split("\n\n"))
                .map(DemoClient::event)
                .toList();
    }

    static JsonObject event(String text) {
        String[] lines = text.split("\n");
        assertThat(lines).hasSize(2);
        JsonObject data = json(lines[1].substring("data: ".length()));
        assertThat(lines[0]).isEqualTo("event: " + data.getString("type"));
        return data;
    }

    static List<String> types(List<JsonObject> events) {
        return events.stream().map(event -> event.getString("type")).collect(Collectors.toList());
    }

    static List<String> deltas(List<JsonObject> events, String type, String member) {
        return events.stream()
                .filter(event -> event.containsKey("delta"))
                .map(event -> event.getJsonObject("delta"))
                .filter(delta -> delta.getString("type", "").equals(type))
                .map(delta -> delta.getString(member))
                .toList();
    }

    static void assertError(HttpResponse<String> response, String type) {
        JsonObject body = json(response.body());
        assertThat(body.getString("type")).isEqualTo("error");
        assertThat(body.getJsonObject("error").getString("type")).isEqualTo(type);
        assertThat(body.getString("request_id"))
                .isEqualTo(response.headers().firstValue("request-id").orElseThrow());
    }

    static JsonObject json(String text) {
        try (JsonReader reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }
}
