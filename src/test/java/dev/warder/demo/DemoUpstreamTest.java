package dev.warder.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.RawClient;
import jakarta.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything but the messages of the stand-in, over the wire. */
class DemoUpstreamTest extends DemoRunning {
    DemoUpstreamTest() {
        super(new SecureRandom());
    }

    @ParameterizedTest
    @CsvSource({"429,rate_limit_error", "500,api_error", "529,overloaded_error"})
    void failsAsAsked(int status, String type) throws Exception {
        HttpResponse<String> response = client().post(DemoClient.request("[[error " + status + "]]", true));
        assertThat(response.statusCode()).isEqualTo(status);
        DemoClient.assertError(response, type);
        assertThat(response.headers().firstValue("retry-after").isPresent()).isEqualTo(status == 429);
    }

    @Test
    void takesOnlyItsKey() throws Exception {
        HttpResponse<String> wrong =
                client().post(DemoClient.request("x", true), request -> request.setHeader("x-api-key", "other"));
        assertThat(wrong.statusCode()).isEqualTo(401);
        DemoClient.assertError(wrong, "authentication_error");
        HttpResponse<String> bearer = client().send(
                        HttpRequest.newBuilder(demo.url().resolve("/v1/models"))
                                .header("authorization", "Bearer " + KEY)
                                .header("anthropic-version", "2023-06-01")
                                .build());
        assertThat(bearer.statusCode()).isEqualTo(401);
        assertThat(bearer.body()).contains("x-api-key header is required");
    }

    @Test
    void needsAVersion() throws Exception {
        HttpResponse<String> response = client().send(
                        HttpRequest.newBuilder(demo.url().resolve("/v1/models"))
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
                "{\"model\":\"m\",\"messages\":[{}]}",
                "{\"model\":\"m\",\"messages\":[{}],\"max_tokens\":1}{}"
            })
    void refusesWhatIsNoRequest(String body) throws Exception {
        HttpResponse<String> response = client().post(body);
        assertThat(response.statusCode()).isEqualTo(400);
        DemoClient.assertError(response, "invalid_request_error");
    }

    @Test
    void answersWhateverIsNested() throws Exception {
        assertThat(client().post("[".repeat(5000)).statusCode()).isEqualTo(400);
    }

    @Test
    void countsTokens() throws Exception {
        int little = client().count("one");
        assertThat(little).isPositive();
        assertThat(client().count("one and another two hundred")).isGreaterThan(little);
    }

    @Test
    void listsModelsAndKnowsEach() throws Exception {
        JsonObject list = DemoClient.json(client().get("/v1/models?limit=1000").body());
        assertThat(list.getJsonArray("data").getValuesAs(JsonObject.class))
                .extracting(model -> model.getString("id"))
                .contains("claude-sonnet-5-5");
        assertThat(DemoClient.json(client().get("/v1/models/claude-sonnet-5-5").body())
                        .getString("type"))
                .isEqualTo("model");
        assertThat(client().get("/v1/models/other").statusCode()).isEqualTo(404);
    }

    @Test
    void saysHelloWithoutAKey() throws Exception {
        HttpRequest head = HttpRequest.newBuilder(demo.url().resolve("/api/hello"))
                .method("HEAD", BodyPublishers.noBody())
                .build();
        assertThat(client().send(head).statusCode()).isEqualTo(200);
    }

    @Test
    void refusesAMalformedHeadInTheShapeOfTheApi() throws Exception {
        try (var client = RawClient.connect(demo.url())) {
            client.send("GET /v1/models HTTP/1.1\r\n\r\n");
            var response = client.readResponse();
            assertThat(response.status()).isEqualTo(400);
            JsonObject body = DemoClient.json(response.text());
            assertThat(body.getJsonObject("error").getString("type")).isEqualTo("invalid_request_error");
        }
    }

    @Test
    void servesNothingElse() throws Exception {
        HttpResponse<String> response = client().get("/v1/files");
        assertThat(response.statusCode()).isEqualTo(404);
        DemoClient.assertError(response, "not_found_error");
        assertThat(client().get("/v1/messages").statusCode()).isEqualTo(405);
    }
}
