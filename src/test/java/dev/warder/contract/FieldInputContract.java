package dev.warder.contract;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fields that would break a line, contradict each other or are too long. */
@OnEachContainer
class FieldInputContract extends SharedContract {
    private static final String BODY = "{\"model\":\"claude-x\"}";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Test: a\rb",
                "X-Test: a\u0000b",
                "X-Test: \u0001",
                "X-Test: a\u007fb",
                "X-Test: a\u001bb",
                "X-Test: a\u000bb",
                "anthropic-beta: a\u0000b",
                "X-Te\u0000st: a",
                "X Test: a",
                ": a",
                "X-Test",
                "X-T\u00e9st: a",
                "X-(Test): a"
            })
    void refusesControlCharacters(String line) throws Exception {
        var answer = sendLine(line);
        assertThat(answer.status()).as("%s", answer).isEqualTo(400);
        if (answer.fields().has("X-Warder-Request-Id")) {
            Refusal.check(answer, 400, "invalid_request_error");
        }
        Refusal.showsNothingPresented(answer);
        assertThat(upstream.requests()).isEmpty();
    }

    /** A recipient may take a bare LF as the end of a line (RFC 9112, section 2.2) or refuse it, but never pass it on. */
    @ParameterizedTest
    @ValueSource(strings = {"X-Test: a\nX-More: b", "X-Test: a\r\n folded", "X-Test: a\r\n\tfolded", "X-Test: a\n"})
    void passesNoBrokenLine(String line) throws Exception {
        var answer = sendLine(line);
        if (answer.status() == 200) {
            var sent = upstream.take();
            assertThat(sent.rawHead().replace("\r\n", "")).doesNotContain("\r", "\n", "\u0000");
            assertThat(sent.text()).isEqualTo(BODY);
        } else {
            assertThat(answer.status()).as("%s", answer).isEqualTo(400);
            assertThat(upstream.requests()).isEmpty();
        }
    }

    @Test
    void refusesContradictoryTokens() throws Exception {
        var other = "another-access-token";
        var request = post("/v1/messages").field("x-api-key", other).json(BODY);
        assertThat(refuse(gateway(), request, 400, "invalid_request_error").text())
                .doesNotContain(other);
        for (var name : new String[] {"Authorization", "X-Warder-Token"}) {
            var twice = RawRequest.of("POST", "/v1/messages")
                    .field(name, "Bearer " + Contract.ACCESS_TOKEN)
                    .field(name, "Bearer " + other)
                    .json(BODY);
            assertThat(refuse(gateway(), twice, 400, "invalid_request_error").text())
                    .doesNotContain(other);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x-api-key", "Authorization", "X-Warder-Token"})
    void refusesALongToken(String name) throws Exception {
        var token = "t0ken".repeat(1640);
        for (var prefix : new String[] {"", "wrd_"}) {
            var request = RawRequest.of("POST", "/v1/messages")
                    .field(name, "Bearer " + prefix + token)
                    .json(BODY);
            var answer = refuse(gateway(), request, 401, "authentication_error");
            assertThat(answer.text()).doesNotContain("t0ken");
            assertThat(answer.fields().values("x-should-retry")).containsExactly("false");
        }
    }

    @Test
    void refusesAHeadBeyondTheContainersLimit() throws Exception {
        try (var client = RawClient.connect(gateway().baseUri())) {
            var request =
                    post("/v1/messages").field("X-Long", "x".repeat(70_000)).json(BODY);
            var answer = client.send(request).readResponse();
            assertThat(answer.status()).isBetween(400, 431);
            Refusal.showsNothingPresented(answer);
        }
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void answersTheNextRequestOfTheConnection() throws Exception {
        try (var client = RawClient.connect(gateway().baseUri())) {
            for (var path : new String[] {"/v1/messages/unknown", "/nothing", "/v1/chat/completions", "/v1/messages"}) {
                var refused = client.exchange(RawRequest.of(path.endsWith("s") ? "PUT" : "POST", path)
                        .field("x-api-key", Contract.ACCESS_TOKEN)
                        .json(BODY));
                assertThat(refused.status()).isIn(404, 405);
                assertThat(keepsConnection(refused)).isTrue();
                assertThat(client.exchange(post("/v1/messages").json(BODY)).status())
                        .isEqualTo(200);
            }
        }
    }

    private RawResponse sendLine(String line) throws Exception {
        var head = post("/v1/messages").json(BODY).head();
        try (var client = RawClient.connect(gateway().baseUri())) {
            return client.send((head.substring(0, head.length() - 2) + line + "\r\n\r\n" + BODY).getBytes(ISO_8859_1))
                    .readResponse();
        }
    }
}
