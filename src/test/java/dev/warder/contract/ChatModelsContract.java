package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Deployment;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.Script;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The models in OpenAI's shape: all of them, or one (rules "Paths that are served" and "Dialect of shared paths"). */
class ChatModelsContract extends DeployedContract {
    private static final String ALL = "/openai/v1/models";

    @Override
    Deployment configured(Deployment plain) {
        return plain.with(
                "openai.models",
                "gpt-test=claude-b; vendor/gpt=claude-sonnet-5-5; odd+one:1=claude odd/ü+1; gpt-?=x; bench-*=*");
    }

    @Test
    void asksForOnePageAndAppendsTheAliases() throws Exception {
        upstream.next((request, reply) -> reply.field("anthropic-ratelimit-requests-limit", "50")
                .field("request-id", "req_1")
                .json(200, page(true, "claude-a", "claude b/ü+")));
        var answer = assertStatus(
                200,
                exchange(get(ALL + "?limit=1&after=claude-a")
                        .field("anthropic-version", "2024-01-01")
                        .field("if-none-match", "\"1\"")
                        .field("range", "bytes=0-9")));
        assertThat(Answers.ids(answer))
                .containsExactly("claude-a", "claude b/ü+", "gpt-test", "vendor/gpt", "odd+one:1", "gpt-?");
        assertFields(answer.fields(), "x-ratelimit-limit-requests", "50", "x-request-id", "req_1");
        assertThat(upstream.requests()).extracting(sent -> sent.target()).containsExactly("/v1/models?limit=1000");
        assertThat(upstream.requests()).allSatisfy(sent -> {
            assertFields(sent.fields(), "x-api-key", MANAGED_KEY, "anthropic-version", "2023-06-01");
            assertThat(sent.fields().values("accept-encoding")).containsExactly("identity");
            assertNoFields(sent.fields(), "if-none-match", "range");
        });
        assertThat(accessLine(id(answer))).contains("dialect=openai", "path=/openai/v1/models", "status=200", "end=ok");
    }

    @Test
    void tellsAModelInOpenAisShapeWithTheApisMembersBeside() throws Exception {
        upstream.next(json(200, page(false, "claude-b")));
        var models = Answers.json(exchange(get(ALL)));
        assertThat(models.getString("object")).isEqualTo("list");
        assertThat(models.getJsonArray("data").getJsonObject(0).toString())
                .isEqualTo(
                        "{\"id\":\"claude-b\",\"object\":\"model\",\"created\":1767225600,\"owned_by\":\"anthropic\","
                                + "\"type\":\"model\",\"display_name\":\"Claude claude-b\"}");
        assertThat(models.getJsonArray("data").getJsonObject(1).toString())
                .isEqualTo(
                        "{\"id\":\"gpt-test\",\"object\":\"model\",\"created\":1767225600,\"owned_by\":\"anthropic\","
                                + "\"type\":\"model\",\"display_name\":\"Claude claude-b\"}");
    }

    @Test
    void readsAGzipPage() throws Exception {
        upstream.next(gzip(page(false, "claude-b")));
        var answer = exchange(get(ALL));
        assertThat(Answers.ids(answer)).contains("claude-b", "gpt-test");
        assertThat(answer.fields().has("content-encoding")).isFalse();
    }

    /** More than 64 KiB: room is asked for. */
    @Test
    void listsALargePage() throws Exception {
        var ids = new String[6000];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = "claude-" + i;
        }
        String large = page(false, ids);
        assertThat(large.length()).isGreaterThan(384 * 1024);
        upstream.next(json(200, large));
        assertThat(Answers.ids(exchange(get(ALL)))).hasSize(6004);
    }

    @ParameterizedTest
    @CsvSource({
        "401, authentication_error, 502, server_error, api_error",
        "403, permission_error, 403, permission_error, permission_error",
        "429, rate_limit_error, 429, requests, rate_limit_exceeded",
        "500, api_error, 500, server_error, api_error",
        "529, overloaded_error, 503, server_error, overloaded"
    })
    void reportsTheUpstreamsError(int status, String type, int told, String toldType, String code) throws Exception {
        Script error =
                (request, reply) -> reply.field("retry-after", "7").json(status, Messages.error(type, "No more."));
        upstream.next(error);
        var answer = exchange(get(ALL));
        Completions.refused(answer, told, toldType, code);
        if (told == 502) {
            assertThat(answer.fields().values("x-should-retry")).containsExactly("false");
        } else {
            assertThat(answer.fields().values("retry-after")).containsExactly("7");
        }
        assertThat(accessLine(id(answer))).contains("status=" + told, "credential=primary/api-key");
    }

    @Test
    void refusesAPageThatCannotBeUsed() throws Exception {
        unusable(json(200, "<html></html>"));
        unusable(json(200, ""));
        unusable(json(200, "[]"));
        unusable(json(200, "{\"data\":{}}"));
        unusable((request, reply) -> reply.status(204).head());
        unusable((request, reply) -> reply.status(304).head());
        unusable((request, reply) -> reply.status(307)
                .field("Location", "https://elsewhere.example/")
                .length(0));
        unusable((request, reply) -> reply.field("Content-Encoding", "br").json(200, page(false, "claude-a")));
        unusable((request, reply) -> reply.reset());
        unusable((request, reply) -> reply.closeNow());
        unusable((request, reply) -> {
            reply.field("Content-Type", "application/json").length(99);
            reply.content(utf8("{\"data\":"));
            reply.closeNow();
        });
    }

    @ParameterizedTest
    @CsvSource({
        "/openai/v1/models/gpt-test, gpt-test, /v1/models/claude-b",
        "/v1/models/gpt-test, gpt-test, /v1/models/claude-b",
        "/openai/v1/models/claude-x?a=b, claude-x, /v1/models/claude-x",
        "/openai/v1/models/vendor/gpt, vendor/gpt, /v1/models/claude-sonnet-5-5",
        "/v1/v1/models/vendor/gpt, vendor/gpt, /v1/models/claude-sonnet-5-5",
        "/openai/v1/models/odd+one:1, odd+one:1, /v1/models/claude%20odd%2F%C3%BC%2B1",
        "/openai/v1/models/odd%2Bone%3A1, odd+one:1, /v1/models/claude%20odd%2F%C3%BC%2B1",
        "/openai/v1/models/bench-%5B1%5D, bench-[1], /v1/models/bench-%5B1%5D"
    })
    void asksForOneModelByItsName(String target, String name, String sent) throws Exception {
        upstream.next(json(200, model("claude-b")));
        var answer = assertStatus(200, exchange(get(target)));
        assertThat(upstream.take().target()).isEqualTo(sent);
        var model = Answers.json(answer);
        assertThat(model.getString("id")).isEqualTo(name);
        assertThat(model.getString("object")).isEqualTo("model");
        assertThat(model.getString("display_name")).isEqualTo("Claude claude-b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/openai/v1/models/unknown", "/v1/models/unknown", "/openai/v1/models/"})
    void asksNobodyForAModelThatIsNotServed(String target) throws Exception {
        Completions.refused(exchange(get(target)), 404, "invalid_request_error", "model_not_found");
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void tellsThatTheUpstreamHasNoSuchModel() throws Exception {
        upstream.next(json(404, Messages.error("not_found_error", "model: claude-x")));
        var answer = exchange(get("/openai/v1/models/claude-x"));
        Completions.refused(answer, 404, "invalid_request_error", "model_not_found");
        unusableOne(json(200, "{}"));
        unusableOne((request, reply) -> reply.status(204).head());
    }

    @ParameterizedTest
    @CsvSource({
        "x-api-key, ''",
        "anthropic-version, 2023-06-01",
        "User-Agent, claude-cli/2.1 (external)",
        "user-agent, Claude-Code"
    })
    void passesTheApisOwnShapeToItsClientsByteForByte(String field, String value) throws Exception {
        String own = "{ \"data\" : [ {\"id\":\"claude-a\"} ],\"has_more\":true, \"last_id\":\"claude-a\"}\n";
        for (String target : List.of("/v1/models?limit=1", "/v1/models/unknown")) {
            upstream.next((request, reply) -> reply.field("etag", "\"1\"").json(200, own));
            var request =
                    value.isEmpty() ? authenticated("GET", target) : get(target).field(field, value);
            var answer = exchange(request);
            assertThat(answer.text()).isEqualTo(own);
            assertThat(answer.fields().values("etag")).containsExactly("\"1\"");
            assertThat(upstream.take().target()).isEqualTo(target);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /v1/models, 'GET, HEAD'",
        "DELETE, /v1/models/gpt-test, 'GET, HEAD'",
        "POST, /openai/v1/models, 'GET, HEAD'",
        "DELETE, /openai/v1/models/gpt-test, 'GET, HEAD'",
        "GET, /v1/chat/completions, POST",
        "GET, /openai/v1/chat/completions, POST"
    })
    void refusesOtherMethods(String method, String target, String allowed) throws Exception {
        var answer = assertStatus(405, exchange(Completions.authenticated(method, target)));
        assertThat(answer.fields().values("Allow")).containsExactly(allowed);
        if (target.contains("/openai")) {
            Completions.refused(answer, 405, "invalid_request_error", "");
        }
        assertThat(upstream.requests()).isEmpty();
    }

    private void unusable(Script script) throws Exception {
        upstream.next(script);
        Completions.refused(exchange(get(ALL)), 502, "server_error", "api_error");
        assertThat(upstream.requests()).isNotEmpty();
        upstream.clear();
    }

    private void unusableOne(Script script) throws Exception {
        upstream.next(script);
        Completions.refused(exchange(get("/openai/v1/models/claude-x")), 502, "server_error", "api_error");
    }

    private static RawRequest get(String target) {
        return Completions.authenticated("GET", target);
    }

    private static Script gzip(String page) {
        return (request, reply) -> {
            var out = new ByteArrayOutputStream();
            try (var gzip = new GZIPOutputStream(out)) {
                gzip.write(utf8(page));
            }
            reply.field("Content-Type", "application/json")
                    .field("Content-Encoding", "gzip")
                    .chunked();
            reply.chunk(out.toByteArray());
            reply.lastChunk();
        };
    }

    private static String model(String id) {
        return "{\"type\":\"model\",\"id\":%s,\"display_name\":%s,\"created_at\":\"2026-01-01T00:00:00Z\"}"
                .formatted(Messages.quoted(id), Messages.quoted("Claude " + id));
    }

    private static String page(boolean more, String... ids) {
        var models = Arrays.stream(ids).map(ChatModelsContract::model).toList();
        return "{\"data\":%s,\"has_more\":%s,\"first_id\":%s,\"last_id\":%s}"
                .formatted(models, more, Messages.quoted(ids[0]), Messages.quoted(ids[ids.length - 1]));
    }
}
