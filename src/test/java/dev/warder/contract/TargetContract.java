package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths that two readers could take differently, and methods that are not served: refused, and nothing goes upstream. */
@OnEachContainer
class TargetContract extends SharedContract {
    private static final Set<Integer> REFUSALS = Set.of(400, 401, 404, 405);
    private static final String BODY = "{\"model\":\"claude-x\"}";

    static List<String> refused() throws IOException {
        var all = new ArrayList<>(PathCorpus.section("refused"));
        // No UTF-8.
        all.addAll(List.of("/v1/messages\u00ff", "/v1/messages?a\u00e9"));
        return all;
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusesAmbiguousPaths(String target) throws Exception {
        for (var token : new String[] {Contract.ACCESS_TOKEN, "wrong-token-of-sixteen"}) {
            var answer = send(target, token);
            assertThat(REFUSALS).as("%s", answer).contains(answer.status());
            Refusal.showsNothingPresented(answer);
            if (answer.fields().has("X-Warder-Request-Id")) {
                var type = answer.status() == 401 ? "authentication_error" : "not_found_error";
                Refusal.check(answer, answer.status(), answer.status() == 400 ? "invalid_request_error" : type);
            }
        }
        assertThat(upstream.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/warder;x/v1/messages", "/%77arder/v1/messages", "/warder/../v1/messages", "/warder//v1/messages",
                "/Warder/v1/messages", "//warder/v1/messages", "/x/../warder/v1/messages", "/./warder/v1/messages",
                "/v1/messages", "/warder%2fv1/messages", "/warderv1/messages", "/warder/warder/v1/messages"
            })
    void refusesOtherSpellingsOfTheContextPath(String target) throws Exception {
        var gateway = gateway(deployment -> deployment.at("/warder"));
        var answer = RawClient.exchange(gateway.baseUri(), post(target).json(BODY));
        assertThat(REFUSALS).as("%s", answer).contains(answer.status());
        Refusal.showsNothingPresented(answer);
        assertThat(upstream.requests()).isEmpty();
        assertThat(pass(gateway, post("/warder/v1/messages").json(BODY)).target())
                .isEqualTo("/v1/messages");
    }

    /** RFC 9112, section 3.2.2: a server must take this form. Warder sees only its path, under which it is judged. */
    @ParameterizedTest
    @CsvSource({"http://other.example/v1/messages,200", "http://other.example/V1/messages,404"})
    void judgesTheAbsoluteFormByItsPath(String target, int status) throws Exception {
        var request = RawRequest.bare("POST", target)
                .field("Host", "other.example")
                .field("x-api-key", Contract.ACCESS_TOKEN)
                .json(BODY);
        assertThat(RawClient.exchange(gateway().baseUri(), request).status()).isEqualTo(status);
        upstream.requests().forEach(sent -> {
            assertThat(sent.target()).isEqualTo("/v1/messages");
            assertThat(sent.fields().values("Host"))
                    .containsExactly("127.0.0.1:" + upstream.uri().getPort());
        });
        var stranger =
                RawRequest.bare("POST", target).field("Host", "other.example").json(BODY);
        Refusal.check(RawClient.exchange(gateway().baseUri(), stranger), 401, "authentication_error");
    }

    private RawResponse send(String target, String token) throws Exception {
        return RawClient.exchange(
                gateway().baseUri(),
                RawRequest.of("POST", PathCorpus.bytes(target))
                        .field("x-api-key", token)
                        .json(BODY));
    }
}
