package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Digested;
import dev.warder.testkit.Field;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RecordedRequest;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The part of a request that reaches the upstream: all fields but those of the drop list and no others, the type and
 * length of its body, and its query.
 *
 * <p>Whatever {@code Connection} names, and whatever twin stands beside a field: what the gateway sets goes up.
 */
@OnEachContainer
class FieldsContract extends GroundContract {
    /** Every name and every prefix that stays behind, each with a value that may stand there. */
    private static final List<Field> DROPPED = fields(
            """
            Cookie: session=1 | Authorization: Basic dTpw | Proxy-Authorization: Basic dTpw
            Proxy-Connection: keep-alive | Proxy-Anything: 1 | X-Forwarded-For: 192.0.2.1
            X-Forwarded-Host: inside.example | X-Forwarded-Proto: https | X-Forwarded-Anything: 1
            Forwarded: for=192.0.2.1 | X-Real-IP: 192.0.2.1 | CF-Connecting-IP: 192.0.2.1 | CF-Anything: 1
            Cdn-Loop: cloudflare | Via: 1.1 proxy | Origin: https://inside.example
            Access-Control-Request-Method: POST | Access-Control-Request-Headers: x-api-key | TE: trailers
            Trailer: x-checksum | Keep-Alive: timeout=5""");

    /** What Claude Code sends, and what no list knows. */
    private static final List<Field> KEPT = fields(
            """
            User-Agent: claude-cli/2.1.0 (external, cli) | Accept: application/json | Accept-Language: *
            anthropic-beta: claude-code-20250219,interleaved-thinking-2025-05-14 | anthropic-version: 2023-06-01
            anthropic-dangerous-direct-browser-access: true | x-app: cli
            x-claude-code-session-id: 6f1c2e5a-0000-4000-8000-000000000000 | X-Stainless-Arch: x64
            X-Stainless-Retry-Count: 0 | sec-fetch-mode: cors | x-request-id: mine
            traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01 | X-Repeated: one
            X-Between: a, b;  c="d" | x-repeated: two | X-REPEATED: one | X-Latin: gr\u00fc\u00dfe \u00a9 \u00ff
            X-Via: not the field Via | Cf: no prefix | If-None-Match: "abc" | idempotency-key: k1""");

    private static final Set<String> OURS =
            Set.of("host", "content-length", "content-type", "x-api-key", "accept-encoding", "connection");

    private Container container;

    @BeforeAll
    final void prepare() throws Exception {
        container = ground.container();
    }

    static Stream<Arguments> spellings() {
        return Endpoint.WAYS.stream()
                .flatMap(way -> Stream.of("as usual", "lower", "UPPER").map(c -> Arguments.of(way, c)));
    }

    @ParameterizedTest
    @MethodSource("spellings")
    void dropsWhatConcernsOneHopOrTellsWhereTheClientIs(Endpoint endpoint, String spelling) throws Exception {
        UnaryOperator<String> spell = name -> switch (spelling) {
            case "lower" -> name.toLowerCase(Locale.ROOT);
            case "UPPER" -> name.toUpperCase(Locale.ROOT);
            default -> name;
        };
        var request = request(endpoint);
        DROPPED.forEach(field -> request.field(spell.apply(field.name()), field.value()));
        var sent = sent(request).fields();
        assertThat(DROPPED).extracting(Field::name).noneMatch(sent::has);
        assertThat(sent.values("x-api-key")).containsExactly(MANAGED_KEY);
    }

    /** Jetty refuses the field itself. */
    @Test
    void upgradesToNothing() throws Exception {
        var request = request(Endpoint.of("GET /v1/skills"));
        var answer = send(container, request.field("Connection", "Upgrade").field("Upgrade", "websocket"));
        assertThat(answer.status()).isIn(200, 400);
        assertThat(upstream.requests()).noneMatch(sent -> sent.fields().has("upgrade"));
    }

    @ParameterizedTest
    @FieldSource("dev.warder.contract.Endpoint#WAYS")
    void keepsEverythingElseAndAddsNothing(Endpoint endpoint) throws Exception {
        var request = request(endpoint);
        KEPT.forEach(field -> request.field(field.name(), field.value()));
        var sent = sent(request).fields();
        for (var field : KEPT) {
            assertThat(sent.values(field.name())).as(field.name()).isEqualTo(valuesOf(field.name()));
        }
        var names = sent.lines().stream()
                .map(line -> line.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
        KEPT.forEach(field -> names.remove(field.name().toLowerCase(Locale.ROOT)));
        assertThat(OURS).containsAll(names);
    }

    @ParameterizedTest
    @FieldSource("dev.warder.contract.Endpoint#WAYS")
    void inventsTheVersionAlone(Endpoint endpoint) throws Exception {
        var sent = sent(request(endpoint)).fields();
        assertThat(sent.values("anthropic-version")).containsExactly("2023-06-01");
        assertThat(Stream.of("user-agent", "accept", "anthropic-beta", "authorization"))
                .noneMatch(sent::has);
        assertThat(sent.values("host")).containsExactly(upstream.uri().getAuthority());
    }

    @ParameterizedTest
    @FieldSource("dev.warder.contract.Endpoint#WAYS")
    void asksForCodingsThatCanBeReadWhereUsageIsRead(Endpoint endpoint) throws Exception {
        boolean collected = endpoint.method().equals("POST") && !endpoint.path().startsWith("/anthropic");
        boolean raw = endpoint.path().equals("/anthropic/v1/messages");
        var offered =
                sent(request(endpoint).field("Accept-Encoding", "br, gzip")).fields();
        assertThat(offered.values("accept-encoding"))
                .containsExactly(collected ? "identity" : raw ? "gzip" : "br, gzip");
        var silent = sent(request(endpoint)).fields();
        assertThat(silent.values("accept-encoding")).isEqualTo(collected || raw ? List.of("identity") : List.of());
    }

    @ParameterizedTest
    @FieldSource("dev.warder.contract.Endpoint#WAYS")
    void letsConnectionRemoveTheClientsFieldsAndNoneOfItsOwn(Endpoint endpoint) throws Exception {
        var sent = sent(request(endpoint)
                        .field("Connection", "X-Api-Key, Anthropic-Version, host,content-length , X-FOO")
                        .field("Connection", "x-bar, accept-encoding, authorization")
                        .field("anthropic-version", "1999-01-01")
                        .field("x-foo", "1")
                        .field("X-Bar", "1")
                        .field("x-baz", "1"))
                .fields();
        assertThat(sent.values("x-api-key")).containsExactly(MANAGED_KEY);
        assertThat(sent.values("anthropic-version")).containsExactly("2023-06-01");
        assertThat(sent.values("host")).hasSize(1);
        assertThat(sent.values("x-baz")).containsExactly("1");
        assertThat(Stream.of("x-foo", "x-bar")).noneMatch(sent::has);
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json; charset=UTF-8", "text/plain", "application/x-ndjson;x=\"y z\""})
    void leavesContentTypeAsItIs(String type) throws Exception {
        var body = utf8("{\"model\":\"m\"}");
        for (var path : List.of("/v1/messages", "/v1/files", "/anthropic/v1/messages")) {
            var request = request(path, "POST");
            var sent = sent(request.field("Content-Type", type).body(body)).fields();
            // Jetty keeps well-known values in a cache of its own spelling, in which a charset has small letters.
            assertThat(sent.values("content-type"))
                    .as(path)
                    .singleElement()
                    .asString()
                    .isEqualToIgnoringCase(type);
            assertThat(sent(request(path, "POST").body(body)).fields().has("content-type"))
                    .as(path)
                    .isFalse();
        }
    }

    @Test
    void framesTheBodyAnew() throws Exception {
        var json = "{\"model\":\"m\"}";
        for (var path : List.of("/v1/messages", "/v1/files", "/anthropic/v1/messages")) {
            try (var client = connect(container)) {
                client.send(request(path, "POST").field("Transfer-Encoding", "chunked"))
                        .sendChunk(utf8(json.substring(0, 5)))
                        .sendChunk(utf8(json.substring(5)))
                        .sendChunk(new byte[0]);
                assertStatus(200, client.readResponse());
            }
            var sent = upstream.take();
            assertThat(sent.text()).isEqualTo(json);
            boolean collected = path.equals("/v1/messages");
            assertThat(sent.fields().values("content-length")).isEqualTo(collected ? List.of("13") : List.of());
            assertThat(sent.fields().values("transfer-encoding")).isEqualTo(collected ? List.of() : List.of("chunked"));
        }
    }

    @Test
    void relaysAnUploadWhole() throws Exception {
        var upload = utf8("0123456789abcdef".repeat(320_000));
        assertThat(sent(container, request("/v1/files", "POST").body(upload)).crc32c())
                .isEqualTo(Digested.crc32c(upload));
    }

    @Test
    void sendsContinueItselfAndNoExpectationUp() throws Exception {
        var body = utf8("x".repeat(1000));
        try (var client = connect(container)) {
            client.send(
                    request("/v1/files", "POST").field("Expect", "100-continue").field("Content-Length", "1000"));
            assertThat(client.readInterimOrHead().status()).isEqualTo(100);
            assertStatus(200, client.send(body).readResponse());
        }
        var sent = upstream.take();
        assertThat(sent.length()).isEqualTo(1000);
        assertThat(sent.fields().has("expect")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"?beta=true", "?a=1&a=2&&b", "?", "?x=%2F..%2f%zz%C3%A9+y", "?q=/v1/../messages//;c=d?e='(*)'"})
    void keepsTheQueryAsItIs(String query) throws Exception {
        for (var path : List.of("/v1/skills", "/v1/files/x", "/anthropic/v1/models")) {
            var sent = sent(request(path + query, "GET"));
            var empty = query.equals("?") ? "" : query;
            assertThat(sent.target())
                    .isIn(path.replace("/anthropic", "") + query, path.replace("/anthropic", "") + empty);
        }
    }

    @Test
    void refusesAnOverlongTokenWithoutAStackTrace() throws Exception {
        var request = request(container, "GET", "/v1/models").field("x-api-key", "t".repeat(8192));
        Answers.refused(send(container, request), 401);
        assertThat(upstream.requests()).isEmpty();
    }

    private List<String> valuesOf(String name) {
        return KEPT.stream()
                .filter(field -> field.name().equalsIgnoreCase(name))
                .map(Field::value)
                .toList();
    }

    private RawRequest request(Endpoint endpoint) {
        return endpoint.request(container).field("X-Warder-Token", ACCESS_TOKEN);
    }

    private RecordedRequest sent(RawRequest request) throws Exception {
        return sent(container, request);
    }

    private RawRequest request(String target, String method) {
        return request(container, method, target).field("X-Warder-Token", ACCESS_TOKEN);
    }

    @EachItem(
            """
            authorization, x-api-key, anthropic-version, anthropic-beta, content-type, content-length, host
            accept-encoding, transfer-encoding, x-warder-token, connection, close, keep-alive, *, ''""")
    void removesNoFieldOfTheGateway(String token) throws Exception {
        for (var setup : List.of(Setup.OPEN_KEY, Setup.OPEN_OAUTH)) {
            for (var endpoint : Endpoint.WAYS) {
                var container = setup.on(ground);
                assertStatus(200, send(container, endpoint.request(container).field("Connection", token + ", x-own")));
                var sent = upstream.take();
                boolean key = setup == Setup.OPEN_KEY;
                assertThat(sent.fields().values("x-api-key")).isEqualTo(key ? List.of(MANAGED_KEY) : List.of());
                assertThat(sent.fields().values("authorization"))
                        .isEqualTo(key ? List.of() : List.of("Bearer " + Setup.MANAGED_OAUTH));
                assertThat(sent.fields().values("anthropic-beta"))
                        .isEqualTo(key ? List.of() : List.of("oauth-2025-04-20"));
                assertThat(sent.fields().values("anthropic-version")).containsExactly("2023-06-01");
                assertThat(sent.fields().values("host"))
                        .containsExactly(upstream.uri().getAuthority());
                assertThat(sent.fields().has("x-own")).isFalse();
                assertThat(sent.text()).isEqualTo(endpoint.method().equals("POST") ? body(endpoint, container) : "");
            }
        }
    }

    /** A front end or the upstream may take {@code x_api_key} for {@code x-api-key}; Warder never does. */
    @ParameterizedTest
    @ValueSource(strings = {"x_api_key", "X_Api_Key", "authorization_", "x_warder_token", "X_Warder_Token"})
    void takesNoTwinForAField(String twin) throws Exception {
        var guarded = Setup.TOKEN_KEY.on(ground);
        Answers.refused(send(guarded, request(guarded, "GET", "/v1/files").field(twin, ACCESS_TOKEN)), 401);
        assertThat(upstream.requests()).isEmpty();
        send(guarded, authenticated(guarded, "GET", "/v1/files").field(twin, OWN_KEY));
        upstream.requests()
                .forEach(sent -> assertThat(sent.fields().values("x-api-key")).containsExactly(MANAGED_KEY));
    }

    private static String body(Endpoint endpoint, Container container) {
        RawRequest request = endpoint.request(container);
        var bytes = new String(request.bytes(), java.nio.charset.StandardCharsets.UTF_8);
        return bytes.substring(bytes.indexOf("\r\n\r\n") + 4);
    }
}
