package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths that two readers could take differently, and methods that are not served: refused, and nothing goes upstream. */
@OnEachContainer
class TargetContract extends SharedContract {
    private static final Set<Integer> REFUSALS = Set.of(400, 401, 404, 405);
    private static final String BODY = "{\"model\":\"claude-x\"}";

    TargetContract(Container.Starter starter) {
        super(starter);
    }

    /** Non-ASCII characters stand for the bytes of ISO 8859-1. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/messages;a=b",
                "/v1/messages/..;/admin",
                "/v1/..;/admin/tokens",
                "/v1//messages",
                "//v1/messages",
                "/v1/./messages",
                "/v1/x/../messages",
                "/v1/%2e%2e/admin",
                "/v1%2fmessages",
                "/v1%252fmessages",
                "/v1/messages%2f",
                "/v1/messages/",
                "/v1/messages.",
                "/v1/messages%20",
                "/v1/messages%00",
                "/v1/messages%0a",
                "/v1/messages%0d%0aX:%20y",
                "/V1/Messages",
                "/v1/m%65ssages",
                "/v1/m%45ssages",
                "/v1/messages\\..\\admin",
                "/v1/messages%5c",
                "/v1/messages?#x",
                "/v1/messages#x",
                "/v1/messages%3f",
                "/v1/messages%u002f",
                "/v1/messages%c0%af",
                "/v1%c0%afmessages",
                "/v1%ef%bc%8fmessages",
                "/v1/messages%e2%80%a8",
                "/v1/messages\u00e2\u0080\u00a8",
                "/v1\u00ef\u00bc\u008fmessages",
                "/v1/messages\u00ff",
                "/v1/messages;jsessionid=x",
                ";jsessionid=x",
                "/;jsessionid=x/v1/messages",
                "*",
                "v1/messages",
                "localhost:80",
                "/v1/messages%",
                "/v1/messages%4",
                "/v1/messages%zz",
                "/v1/messages\u0001",
                "/v1/messages\u007f",
                "/v1/mess|ages",
                "/v1/mess\"ages",
                "/v1/mess<ages",
                "/v1/mess{ages",
                "/v1/mess^ages",
                "/v1/mess`ages",
                "/v1/messages?a\u00e9",
                "/v1/messages?a\u0001",
                "/v1/messages/%2e",
                "/v1/messages/..",
                "/v1/messages/.",
                "/../v1/messages",
                "/%2e/v1/messages",
                "/anthropic/..%2fv1/messages",
                "/anthropic/%2e%2e/v1/oauth/token",
                "/anthropic;x/v1/messages",
                "/anthropic//v1/messages",
                "/WEB-INF/web.xml",
                "/META-INF/MANIFEST.MF",
                "/%57EB-INF/",
                "/WEB-INF/",
                "/web-inf/web.xml",
                "/WEB-INF./web.xml",
                "/WEB-INF/classes/dev/warder/Gateway.class",
                "/static/index.html",
                "/index.jsp",
                "/admin",
                "/metrics",
                "/v1",
                "/v1/messages/unknown",
                "/health/../v1/messages"
            })
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
        var request = RawRequest.of("POST", target).field("x-api-key", token).json(BODY);
        return RawClient.exchange(gateway().baseUri(), request);
    }
}
