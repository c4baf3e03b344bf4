package dev.warder.contract;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Paths that two readers could take differently, and methods that are not served: refused, and nothing goes upstream.
 *
 * <p>Methods that are not served, request lines that are none, and the field Host.
 *
 * <p>Fields that would break a line, contradict each other or are too long.
 */
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
        for (var token : new String[] {ACCESS_TOKEN, "wrong-token-of-sixteen"}) {
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
        var answer = exchange(gateway, post(target).json(BODY));
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
                .field("x-api-key", ACCESS_TOKEN)
                .json(BODY);
        assertStatus(status, exchange(gateway(), request));
        upstream.requests().forEach(sent -> {
            assertThat(sent.target()).isEqualTo("/v1/messages");
            assertThat(sent.fields().values("Host"))
                    .containsExactly("127.0.0.1:" + upstream.uri().getPort());
        });
        var stranger =
                RawRequest.bare("POST", target).field("Host", "other.example").json(BODY);
        Refusal.check(exchange(gateway(), stranger), 401);
    }

    private RawResponse send(String target, String token) throws Exception {
        return exchange(
                gateway(),
                RawRequest.of("POST", PathCorpus.bytes(target))
                        .field("x-api-key", token)
                        .json(BODY));
    }

    @EachItem("""
            GET, HEAD, PUT, PATCH, DELETE, OPTIONS, PROPFIND, TRACK, post, POSTX, M-SEARCH""")
    void refusesOtherMethods(String method) throws Exception {
        var request = RawRequest.of(method, "/v1/messages")
                .field("x-api-key", ACCESS_TOKEN)
                .field("X-HTTP-Method-Override", "POST")
                .json(BODY);
        var answer = assertStatus(405, exchange(gateway(), request));
        assertThat(answer.fields().values("Allow")).containsExactly("POST");
        if (!method.equals("HEAD")) {
            Refusal.check(answer, 405);
        }
        assertThat(upstream.requests()).isEmpty();
    }

    /** What a container refuses by itself gets a 4xx (or 501, 505), or no answer at all. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "TRACE /v1/messages HTTP/1.1",
                "TRACE /anthropic/v1/x HTTP/1.1",
                "CONNECT /v1/messages HTTP/1.1",
                "CONNECT localhost:80 HTTP/1.1",
                "PO ST /v1/messages HTTP/1.1",
                "POST /v1/messages HTTP/1.1 x",
                "POST /v1/messages HTTP/3.0",
                "POST /v1/messages",
                "PO\u0001ST /v1/messages HTTP/1.1",
                "P(ST /v1/messages HTTP/1.1",
                "GET /v1/messages",
                "{LONG} /v1/messages HTTP/1.1",
                "POST  HTTP/1.1"
            })
    void refusesOddRequestLines(String line) throws Exception {
        assertThat(sendLine(line.replace("{LONG}", "M".repeat(64 << 10))))
                .as(line)
                .isNotEqualTo(200);
        assertThat(upstream.requests()).isEmpty();
    }

    /** RFC 9112, section 3, lets a recipient split a line at any white space; what goes upstream is always a clean one. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST\t/v1/messages HTTP/1.1",
                "POST  /v1/messages HTTP/1.1",
                "POST /v1/messages\t HTTP/1.1",
                "POST /v1/messages http/1.1",
                "POST /v1/messages  HTTP/1.1"
            })
    void sendsNoOddRequestLineOn(String line) throws Exception {
        if (sendLine(line) == 200) {
            assertThat(upstream.take().rawHead()).startsWith("POST /v1/messages HTTP/1.1\r\n");
        } else {
            assertThat(upstream.requests()).isEmpty();
        }
    }

    /** The status of the answer; 0 when there is none, or none of this protocol. */
    private int sendLine(String line) throws Exception {
        var fields = "\r\nHost: localhost\r\nx-api-key: " + ACCESS_TOKEN + "\r\nContent-Length: 20\r\n\r\n";
        try (var client = connect(gateway())) {
            var answer =
                    client.send((line + fields + BODY).getBytes(ISO_8859_1)).readResponse();
            Refusal.showsNothingPresented(answer);
            assertThat(answer.status()).isIn(200, 400, 403, 404, 405, 414, 431, 501, 505);
            return answer.status();
        } catch (EOFException | SocketException | NumberFormatException noAnswer) {
            return 0;
        }
    }

    @Test
    void refusesTwoHostsAndNone() throws Exception {
        var twice = RawRequest.bare("POST", "/v1/messages").field("Host", "a").field("Host", "b");
        for (var request : new RawRequest[] {twice, RawRequest.bare("POST", "/v1/messages")}) {
            request.field("x-api-key", ACCESS_TOKEN).json(BODY);
            assertStatus(400, exchange(gateway(), request));
        }
        assertThat(upstream.requests()).isEmpty();
    }

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
        var answer = assertStatus(400, sendField(line));
        if (answer.fields().has("X-Warder-Request-Id")) {
            Refusal.check(answer, 400);
        }
        Refusal.showsNothingPresented(answer);
        assertThat(upstream.requests()).isEmpty();
    }

    /** A recipient may take a bare LF as the end of a line (RFC 9112, section 2.2) or refuse it, but never pass it on. */
    @ParameterizedTest
    @ValueSource(strings = {"X-Test: a\nX-More: b", "X-Test: a\r\n folded", "X-Test: a\r\n\tfolded", "X-Test: a\n"})
    void passesNoBrokenLine(String line) throws Exception {
        var answer = sendField(line);
        if (answer.status() == 200) {
            var sent = upstream.take();
            assertThat(sent.rawHead().replace("\r\n", "")).doesNotContain("\r", "\n", "\u0000");
            assertThat(sent.text()).isEqualTo(BODY);
        } else {
            assertStatus(400, answer);
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
                    .field(name, "Bearer " + ACCESS_TOKEN)
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
        try (var client = connect(gateway())) {
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
        try (var client = connect(gateway())) {
            for (var path : new String[] {"/v1/messages/unknown", "/nothing", "/v1/chat/completions", "/v1/messages"}) {
                var refused = client.exchange(RawRequest.of(path.endsWith("s") ? "PUT" : "POST", path)
                        .field("x-api-key", ACCESS_TOKEN)
                        .json(BODY));
                assertThat(refused.status()).isIn(404, 405);
                assertThat(keepsConnection(refused)).isTrue();
                assertStatus(200, client.exchange(post("/v1/messages").json(BODY)));
            }
        }
    }

    private RawResponse sendField(String line) throws Exception {
        var head = post("/v1/messages").json(BODY).head();
        try (var client = connect(gateway())) {
            return client.send((head.substring(0, head.length() - 2) + line + "\r\n\r\n" + BODY).getBytes(ISO_8859_1))
                    .readResponse();
        }
    }
}
