package dev.warder.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteTest {
    @ParameterizedTest
    @CsvSource({
        "/v1/messages, MESSAGES",
        "/v1/messages/, NO_MESSAGES",
        "/v1/messages/other, NO_MESSAGES",
        "/v1/messagesx, OTHER",
        "/v1/messages/count_tokens, COUNT_TOKENS",
        "/v1/messages/count_tokens/x, NO_MESSAGES",
        "/v1/messages/batches, BATCHES",
        "/v1/messages/batches/b1/results, BATCHES",
        "/v1/messages/batchesx, NO_MESSAGES",
        "/v1/models, MODELS",
        "/v1/models/claude-x, MODELS",
        "/v1/modelsx, OTHER",
        "/v1/files, FILES",
        "/v1/files/f1/content, FILES",
        "/v1/skills, OTHER",
        "/v1/unknown/thing, OTHER",
        "/v1, NONE",
        "/v1/chat/completions, CHAT",
        "/v1/responses, RESPONSES",
        "/openai/v1/responses, RESPONSES",
        "/v1/responses/input_tokens, RESPONSE_TOKENS",
        "/openai/v1/responses/input_tokens, RESPONSE_TOKENS",
        "/v1/responses/resp_1, OPENAI",
        "/v1/responses/resp_1/cancel, OPENAI",
        "/v1/chat/completions/x, OPENAI",
        "/v1/chat, OPENAI",
        "/v1/chatter, OTHER",
        "/v1/completions, OPENAI",
        "/v1/responses/r1, OPENAI",
        "/v1/embeddings, OPENAI",
        "/v1/images/generations, OPENAI",
        "/v1/audio/speech, OPENAI",
        "/v1/moderations, OPENAI",
        "/v1/fine_tuning/jobs, OPENAI",
        "/v1/assistants, OPENAI",
        "/v1/threads/t, OPENAI",
        "/v1/vector_stores, OPENAI",
        "/v1/uploads, OPENAI",
        "/v1/realtime, OPENAI",
        "/openai/v1/chat/completions, CHAT",
        "/openai/v1/completions, OPENAI",
        "/openai/v1/models, CHAT_MODELS",
        "/openai/v1/models/a/b, CHAT_MODELS",
        "/openai/models, OPENAI",
        "/openai, OPENAI",
        "/openaix, NONE",
        "/anthropic/v1/messages, RAW",
        "/anthropic, RAW",
        "/anthropics, NONE",
        "/v1/oauth/token, OWN_CREDENTIAL",
        "/v1/organizations, ORGANIZATION",
        "/v1/organizations/me, ORGANIZATION",
        "/v1/organizationsx, OTHER",
        "/api/oauth/profile, OWN_CREDENTIAL",
        "/api/hello, HELLO",
        "/anthropic/api/hello, HELLO",
        "/anthropic/api/hello/x, RAW",
        "/api/hello/x, NONE",
        "/api/other, NONE",
        "/, ROOT",
        "/health, HEALTH",
        "/health/live, HEALTH",
        "/health/ready, HEALTH",
        "/health/liveliness, HEALTH",
        "/health/readiness, HEALTH",
        "/healthz, NONE",
        "/metrics, METRICS",
        "/metrics/x, NONE",
        "/metricsx, NONE",
        "/admin, ADMIN",
        "/admin/drain, ADMIN",
        "/administrators, NONE",
        "/me, OWN_PAGE",
        "/me/x, NONE",
        "/men, NONE",
        "/V1/Messages, NONE",
        "/WEB-INF/web.xml, NONE",
    })
    void knowsTheRouteOfAPath(String path, Route route) {
        assertThat(Route.of(path)).isEqualTo(route);
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
        assertThat(Route.WELCOME.isPublic("HEAD")).isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"HEALTH", "METRICS", "HELLO", "ROOT", "WELCOME", "ADMIN", "OWN_PAGE"})
    void isNotPublicAnywhereElse(Route route) {
        assertThat(route.isPublic("GET")).isFalse();
        assertThat(route.isPublic("HEAD")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/metrics",
                "/v1/logs",
                "/v1/traces",
                "/v1/metrics/",
                "/v1/traces/x",
                "/anthropic/v1/metrics",
                "/anthropic/v1/logs",
                "/anthropic/v1/traces/x",
                "/anthropic/v1/v1/metrics",
                "/anthropic/anthropic/v1/logs",
                "/anthropic/anthropic/anthropic/v1/v1/v1/traces"
            })
    void keepsTelemetryHereForCallersWithAToken(String path) {
        var route = Route.of(path);
        assertThat(route).isEqualTo(Route.TELEMETRY);
        assertThat(route.methods()).containsExactly("POST");
        assertThat(route.endsHere("POST")).isTrue();
        assertThat(route.isPublic("POST")).isFalse();
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
}
