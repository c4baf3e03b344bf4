package dev.warder.contract;

import static dev.warder.contract.Contract.ACCESS_TOKEN;
import static dev.warder.contract.Contract.MANAGED_KEY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Field;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RecordedRequest;
import java.nio.charset.StandardCharsets;
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
 * The part of a request that reaches the upstream: all fields but those of the drop list and no others, the type and length of
 * its body, and its query.
 */
@OnEachContainer
class FieldsContract extends GroundContract {
    /** Every name and every prefix that stays behind, each with a value that may stand there. */
    private static final List<Field> DROPPED = List.of(
            new Field("Cookie", "session=1"),
            new Field("Authorization", "Basic dTpw"),
            new Field("Proxy-Authorization", "Basic dTpw"),
            new Field("Proxy-Connection", "keep-alive"),
            new Field("Proxy-Anything", "1"),
            new Field("X-Forwarded-For", "192.0.2.1"),
            new Field("X-Forwarded-Host", "inside.example"),
            new Field("X-Forwarded-Proto", "https"),
            new Field("X-Forwarded-Anything", "1"),
            new Field("Forwarded", "for=192.0.2.1"),
            new Field("X-Real-IP", "192.0.2.1"),
            new Field("CF-Connecting-IP", "192.0.2.1"),
            new Field("CF-Anything", "1"),
            new Field("Cdn-Loop", "cloudflare"),
            new Field("Via", "1.1 proxy"),
            new Field("Origin", "https://inside.example"),
            new Field("Access-Control-Request-Method", "POST"),
            new Field("Access-Control-Request-Headers", "x-api-key"),
            new Field("TE", "trailers"),
            new Field("Trailer", "x-checksum"),
            new Field("Keep-Alive", "timeout=5"));
    /** What Claude Code sends, and what no list knows. */
    private static final List<Field> KEPT = List.of(
            new Field("User-Agent", "claude-cli/2.1.0 (external, cli)"),
            new Field("Accept", "application/json"),
            new Field("Accept-Language", "*"),
            new Field("anthropic-beta", "claude-code-20250219,interleaved-thinking-2025-05-14"),
            new Field("anthropic-version", "2023-06-01"),
            new Field("anthropic-dangerous-direct-browser-access", "true"),
            new Field("x-app", "cli"),
            new Field("x-claude-code-session-id", "6f1c2e5a-0000-4000-8000-000000000000"),
            new Field("X-Stainless-Arch", "x64"),
            new Field("X-Stainless-Retry-Count", "0"),
            new Field("sec-fetch-mode", "cors"),
            new Field("x-request-id", "mine"),
            new Field("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
            new Field("X-Repeated", "one"),
            new Field("X-Between", "a, b;  c=\"d\""),
            new Field("x-repeated", "two"),
            new Field("X-REPEATED", "one"),
            new Field("X-Latin", "gr\u00fc\u00dfe \u00a9 \u00ff"),
            new Field("X-Via", "not the field Via"),
            new Field("Cf", "no prefix"),
            new Field("If-None-Match", "\"abc\""),
            new Field("idempotency-key", "k1"));

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
        var answer =
                Ground.send(container, request.field("Connection", "Upgrade").field("Upgrade", "websocket"));
        assertThat(answer.status()).isIn(200, 400);
        assertThat(ground.upstream().requests()).noneMatch(sent -> sent.fields().has("upgrade"));
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
        assertThat(sent.values("host")).containsExactly(ground.upstream().uri().getAuthority());
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
        var body = "{\"model\":\"m\"}".getBytes(StandardCharsets.UTF_8);
        for (var path : List.of("/v1/messages", "/v1/files", "/anthropic/v1/messages")) {
            var request = request(path, "POST");
            var sent = sent(request.field("Content-Type", type).body(body)).fields();
            // Jetty keeps well-known values in a cache of its own spelling, in which a charset has small letters.
            assertThat(sent.values("content-type"))
                    .as(path)
                    .singleElement()
                    .asString()
                    .isEqualToIgnoringCase(type);
            var none = sent(request(path, "POST").body(body)).fields();
            assertThat(none.has("content-type")).as(path).isFalse();
        }
    }

    @Test
    void framesTheBodyAnew() throws Exception {
        var json = "{\"model\":\"m\"}";
        for (var path : List.of("/v1/messages", "/v1/files", "/anthropic/v1/messages")) {
            try (var client = RawClient.connect(container.baseUri())) {
                client.send(request(path, "POST").field("Transfer-Encoding", "chunked"))
                        .sendChunk(json.substring(0, 5).getBytes(StandardCharsets.UTF_8))
                        .sendChunk(json.substring(5).getBytes(StandardCharsets.UTF_8))
                        .sendChunk(new byte[0]);
                assertThat(client.readResponse().status()).isEqualTo(200);
            }
            var sent = ground.upstream().take();
            assertThat(sent.text()).isEqualTo(json);
            boolean collected = path.equals("/v1/messages");
            assertThat(sent.fields().values("content-length")).isEqualTo(collected ? List.of("13") : List.of());
            assertThat(sent.fields().values("transfer-encoding")).isEqualTo(collected ? List.of() : List.of("chunked"));
        }
    }

    @Test
    void sendsContinueItselfAndNoExpectationUp() throws Exception {
        var body = "x".repeat(1000).getBytes(StandardCharsets.UTF_8);
        try (var client = RawClient.connect(container.baseUri())) {
            client.send(
                    request("/v1/files", "POST").field("Expect", "100-continue").field("Content-Length", "1000"));
            assertThat(client.readInterimOrHead().status()).isEqualTo(100);
            assertThat(client.send(body).readResponse().status()).isEqualTo(200);
        }
        var sent = ground.upstream().take();
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
        var request = Ground.request(container, "GET", "/v1/models").field("x-api-key", "t".repeat(8192));
        Answers.refused(Ground.send(container, request), 401, "authentication_error");
        assertThat(ground.upstream().requests()).isEmpty();
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
        return Ground.request(container, method, target).field("X-Warder-Token", ACCESS_TOKEN);
    }
}
