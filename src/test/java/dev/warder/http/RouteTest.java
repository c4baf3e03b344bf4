package dev.warder.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.EachRow;
import jakarta.servlet.http.HttpServletRequest;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The route of a path, also where two dialects share it (rule "Dialect of shared paths"). */
class RouteTest {
    private static final Routing BOTH = new Routing(true);

    @EachRow({
        "MESSAGES | /v1/messages",
        "NO_MESSAGES | /v1/messages/ /v1/messages/other /v1/messages/count_tokens/x /v1/messages/batchesx",
        "OTHER | /v1/messagesx /v1/modelsx /v1/skills /v1/unknown/thing /v1/chatter /v1/organizationsx",
        "COUNT_TOKENS | /v1/messages/count_tokens",
        "BATCHES | /v1/messages/batches /v1/messages/batches/b1/results",
        "MODELS | /v1/models /v1/models/claude-x",
        "FILES | /v1/files /v1/files/f1/content",
        "NONE | /v1 /openaix /anthropics /api/hello/x /api/other /healthz /metrics/x /metricsx /administrators",
        "NONE | /me/x /men /V1/Messages /WEB-INF/web.xml",
        "CHAT | /v1/chat/completions /openai/v1/chat/completions",
        "RESPONSES | /v1/responses /openai/v1/responses",
        "RESPONSE_TOKENS | /v1/responses/input_tokens /openai/v1/responses/input_tokens",
        "OPENAI | /v1/responses/resp_1 /v1/responses/resp_1/cancel /v1/chat/completions/x /v1/chat",
        "OPENAI | /v1/completions /v1/responses/r1 /v1/embeddings /v1/images/generations /v1/audio/speech",
        "OPENAI | /v1/moderations /v1/fine_tuning/jobs /v1/assistants /v1/threads/t /v1/vector_stores /v1/uploads",
        "OPENAI | /v1/realtime /openai/v1/completions /openai/models /openai",
        "CHAT_MODELS | /openai/v1/models /openai/v1/models/a/b",
        "RAW | /anthropic/v1/messages /anthropic /anthropic/api/hello/x",
        "OWN_CREDENTIAL | /v1/oauth/token /api/oauth/profile",
        "ORGANIZATION | /v1/organizations /v1/organizations/me",
        "HELLO | /api/hello /anthropic/api/hello",
        "ROOT | /",
        "HEALTH | /health /health/live /health/ready /health/liveliness /health/readiness",
        "METRICS | /metrics",
        "ADMIN | /admin /admin/drain",
        "OWN_PAGE | /me",
    })
    void knowsTheRouteOfAPath(Route route, String paths) {
        for (String path : paths.split(" ")) {
            assertThat(Route.of(path)).as(path).isEqualTo(route);
        }
    }

    @ParameterizedTest
    @EnumSource(Route.class)
    void servesNoMethodThatCouldBringACredentialBack(Route route) {
        assertThat(route.methods()).doesNotContain("TRACE", "CONNECT", "TRACK", "post");
    }

    @Test
    void isPublicForHealthMonitorsAdministratorsAndTheTwoProbesOnly() {
        assertThat(Route.METRICS.isPublic("GET")).isTrue();
        assertThat(Route.ADMIN.isPublic("GET")).isTrue();
        assertThat(Route.HEALTH.isPublic("GET")).isTrue();
        assertThat(Route.HELLO.isPublic("HEAD")).isTrue();
        assertThat(Route.ROOT.isPublic("HEAD")).isTrue();
        assertThat(Route.HELLO.isPublic("POST")).isFalse();
        assertThat(Route.ROOT.isPublic("GET")).isFalse();
        assertThat(Route.OWN_PAGE.isPublic("GET")).isTrue();
        assertThat(Route.WELCOME.isPublic("GET")).isTrue();
        assertThat(Route.WELCOME.isPublic("HEAD")).isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"HEALTH", "METRICS", "HELLO", "ROOT", "WELCOME", "ADMIN", "OWN_PAGE"})
    void isNotPublicAnywhereElse(Route route) {
        assertThat(route.isPublic("GET")).isFalse();
        assertThat(route.isPublic("HEAD")).isFalse();
    }

    @Test
    void keepsTelemetryHereForCallersWithAToken() {
        var paths = "/v1/metrics /v1/logs /v1/traces /v1/metrics/ /v1/traces/x /anthropic/v1/metrics "
                + "/anthropic/v1/logs /anthropic/v1/traces/x /anthropic/v1/v1/metrics "
                + "/anthropic/anthropic/v1/logs /anthropic/anthropic/anthropic/v1/v1/v1/traces";
        for (String path : paths.split(" ")) {
            var route = Route.of(path);
            assertThat(route).isEqualTo(Route.TELEMETRY);
            assertThat(route.methods()).containsExactly("POST");
            assertThat(route.endsHere("POST")).isTrue();
            assertThat(route.isPublic("POST")).isFalse();
        }
        assertThat(Route.of("/v1/metricsx").endsHere("POST")).isFalse();
        assertThat(Route.of("/anthropic/v1/metricsx")).isEqualTo(Route.RAW);
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/metrics, /v1/metrics",
        "/anthropic, ''",
        "/anthropics, /anthropics",
        "/anthropic/anthropic, ''",
        "/anthropic/anthropics, /anthropics",
        "/anthropic/x/anthropic, /x/anthropic",
        "/anthropic/anthropic/v1/x, /v1/x",
        "/anthropic/api/hello, /anthropic/api/hello",
        "/anthropic/anthropic/api/hello, /anthropic/api/hello",
        "/anthropic/anthropic/api/hello/x, /api/hello/x",
    })
    void removesAllPrefixesOfTheRawRoute(String path, String rest) {
        assertThat(Route.withoutPrefixes(path)).isEqualTo(rest);
    }

    /** Callers without an access token can send such paths. */
    @Test
    void readsAPathOfManyPrefixesWithoutCopyingItForEach() {
        String prefixes = "/anthropic".repeat(800);
        String versions = "/v1".repeat(2_700);
        var thread = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = thread.getCurrentThreadAllocatedBytes();
        var logs = Route.of(prefixes + "/v1/logs");
        var raw = Route.of(prefixes + "/v1/messages");
        var target = RequestTarget.parse(versions + "/files", Optional.empty(), "");
        long allocated = thread.getCurrentThreadAllocatedBytes() - before;
        assertThat(logs).isEqualTo(Route.TELEMETRY);
        assertThat(raw).isEqualTo(Route.RAW);
        assertThat(target.orElseThrow().path()).isEqualTo("/v1/files");
        assertThat(allocated).isLessThan(1 << 20);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, user-agent, OpenAI/JS 6.49.0, CHAT_MODELS",
        "GET, user-agent, curl/8, CHAT_MODELS",
        "GET, authorization, Bearer x, CHAT_MODELS",
        "HEAD, authorization, Bearer x, CHAT_MODELS",
        "HEAD, x-api-key, x, MODELS",
        "GET, anthropic-version, 2023-06-01, MODELS",
        "GET, x-api-key, x, MODELS",
        "GET, user-agent, claude-code/2.1.328, MODELS",
        "GET, user-agent, Claude-Code/2.1.328, MODELS",
        "GET, user-agent, claudette, CHAT_MODELS",
    })
    void answersForModelsAsTheCallerSpeaks(String method, String field, String value, Route route) {
        for (String path : new String[] {"/v1/models", "/v1/models/claude-x"}) {
            assertThat(BOTH.of(request(method, field, value), target(path))).isEqualTo(route);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET, 'text/html,application/xhtml+xml,*/*;q=0.8', WELCOME",
        "GET, 'application/json, text/html', ROOT",
        "GET, */*, ROOT",
        "POST, text/html, ROOT",
        "HEAD, text/html, WELCOME",
        "HEAD, */*, ROOT"
    })
    void welcomesBrowsersAtTheRootOnly(String method, String accept, Route route) {
        assertThat(BOTH.of(request(method, "accept", accept), target("/"))).isEqualTo(route);
        assertThat(BOTH.of(request(method, "accept", accept), target("/v1/files")))
                .isEqualTo(Route.FILES);
    }

    /** A server may translate a WebSocket of HTTP/2 into a request for one (RFC 9113, section 8.2.2). */
    @ParameterizedTest
    @CsvSource({"HTTP/1.1, Upgrade Connection", "HTTP/1.0, Upgrade Connection", "HTTP/2.0, ''", "HTTP/2, ''"})
    void namesNoFieldsOfAConnectionOverHttp2(String protocol, String names) {
        var refusal = BOTH.refusal(request("GET", "sec-websocket-key", "x", protocol), Route.RESPONSES)
                .orElseThrow();
        assertThat(refusal.status()).isEqualTo(426);
        assertThat(refusal.fields().stream().map(Field::name).filter(name -> !name.startsWith("x-")))
                .containsExactly(names.isEmpty() ? new String[0] : names.split(" "));
    }

    private static RequestTarget target(String path) {
        return new RequestTarget(path, Optional.empty());
    }

    private static HttpServletRequest request(String method, String field, String value) {
        return request(method, field, value, "HTTP/1.1");
    }

    /** A request of which only the method, the protocol and one field can be asked. */
    private static HttpServletRequest request(String method, String field, String value, String protocol) {
        var answers = Map.of("getMethod", method, "getProtocol", protocol);
        return (HttpServletRequest) Proxy.newProxyInstance(
                RouteTest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, asked, arguments) -> asked.getName().equals("getHeader")
                        ? (field.equalsIgnoreCase((String) arguments[0]) ? value : null)
                        : answers.get(asked.getName()));
    }
}
