package dev.warder.contract;

import static dev.warder.contract.Contract.ACCESS_TOKEN;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Deployment;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import jakarta.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The operator's names for models in the list of models, in both shapes (rule "Aliases of models"). */
class AliasListContract extends AliasGround {
    private static final String LIST = "/v1/models";
    private static final String HAIKU =
            "{\"type\":\"model\", \"id\":\"claude-haiku-4-5\",\"display_name\":\"Haiku\",\"created_at\":\"2026-01-01T00:00:00Z\"}";

    AliasListContract(Container.Starter starter) {
        super(starter);
    }

    @Override
    Deployment configured(Deployment aliases, Path folder) {
        return aliases.with("openai.models", "gpt-test=claude-haiku-4-5;fast=claude-x");
    }

    @ParameterizedTest
    @CsvSource({"/v1/models", "/v1/models?limit=2", "/v1/v1/models?after_id=claude-a"})
    void appendsPlainNamesToTheLastPage(String target) throws Exception {
        answer(page(false), "");
        var answer = send(get(target)
                .field("Accept-Encoding", "gzip, br")
                .field("If-None-Match", "\"1\"")
                .field("Range", "bytes=0-9"));
        assertThat(answer.text())
                .isEqualTo(page(false)
                        .replace(
                                "\n]",
                                "\n," + HAIKU.replace("claude-haiku-4-5", "fast") + "," + named("gpt-both") + ","
                                        + named("claude-haiku-mine") + "," + named("other") + "]"));
        assertThat(answer.fields().has("etag")).isFalse();
        var sent = ground.upstream().take();
        assertThat(sent.target()).isEqualTo(target.replace("/v1/v1", "/v1"));
        assertThat(sent.fields().values("accept-encoding")).containsExactly("identity");
        assertThat(sent.fields().has("if-none-match")).isFalse();
        assertThat(sent.fields().has("range")).isFalse();
        assertThat(sent.fields().values("anthropic-version")).containsExactly("2024-01-01");
    }

    @Test
    void passesAPageThatIsNotTheLast() throws Exception {
        answer(page(true), "");
        assertThat(send(get(LIST)).text()).isEqualTo(page(true));
    }

    @Test
    void passesACodedPageAndAnError() throws Exception {
        answer(page(false), "br");
        var answer = send(get(LIST));
        assertThat(answer.text()).isEqualTo(page(false));
        assertThat(answer.fields().values("content-encoding")).containsExactly("br");
        assertThat(answer.fields().values("etag")).containsExactly("\"1\"");
        ground.upstream().next((request, reply) -> reply.json(404, page(false)));
        assertThat(send(get(LIST)).text()).isEqualTo(page(false));
    }

    @ParameterizedTest
    @CsvSource({"GET, /v1/models/fast", "HEAD, /v1/models", "GET, /anthropic/v1/models", "GET, /v1/files"})
    void passesOtherRequestsAsTheyAre(String method, String target) throws Exception {
        answer(page(false), "");
        var answer =
                send(request(method, target).field("Accept-Encoding", "gzip").field("If-None-Match", "\"1\""));
        assertThat(answer.fields().values("etag")).containsExactly("\"1\"");
        assertThat(answer.text()).isEqualTo(method.equals("HEAD") ? "" : page(false));
        var sent = ground.upstream().take();
        assertThat(sent.target()).isEqualTo(target.replace("/anthropic", ""));
        assertThat(sent.fields().values("accept-encoding")).containsExactly("gzip");
        assertThat(sent.fields().values("if-none-match")).containsExactly("\"1\"");
    }

    @Test
    void keepsTheCodingWithoutAPlainName() throws Exception {
        var patterns = ground.container("patterns", ground.usual().with("models.aliases", "fast*=claude-haiku-4-5"));
        answer(page(false), "");
        var request = Ground.request(patterns, "GET", LIST)
                .field("x-api-key", ACCESS_TOKEN)
                .field("anthropic-version", "2024-01-01")
                .field("Accept-Encoding", "gzip");
        assertThat(Ground.send(patterns, request).text()).isEqualTo(page(false));
        assertThat(ground.upstream().take().fields().values("accept-encoding")).containsExactly("gzip");
    }

    @Test
    void listsThemInOpenAisShapeAfterItsOwn() throws Exception {
        answer(page(false), "");
        assertThat(ids(send(openAi("/openai/v1/models"))))
                .containsExactly(
                        "claude-haiku-4-5", "claude-x-1", "gpt-test", "fast", "gpt-both", "claude-haiku-mine", "other");
        answer(page(true), "");
        assertThat(ids(send(openAi("/openai/v1/models"))))
                .containsExactly("claude-haiku-4-5", "claude-x-1", "gpt-test", "fast");
        answer(HAIKU, "");
        assertThat(Answers.json(send(openAi("/openai/v1/models/review-1"))).getString("id"))
                .isEqualTo("review-1");
        assertThat(ground.upstream().requests())
                .extracting(sent -> sent.target())
                .containsExactly("/v1/models?limit=1000", "/v1/models?limit=1000", "/v1/models/claude-opus-5-5");
    }

    private void answer(String page, String coding) {
        var bytes = page.getBytes(UTF_8);
        ground.upstream().next((request, reply) -> {
            reply.field("Content-Type", "application/json").field("ETag", "\"1\"");
            if (!coding.isEmpty()) {
                reply.field("Content-Encoding", coding);
            }
            reply.length(bytes.length);
            if (!request.method().equals("HEAD")) {
                reply.content(bytes);
            }
        });
    }

    private static String page(boolean more) {
        return "{\"data\":[ " + HAIKU + ",\n{\"type\":\"model\",\"id\":\"claude-x-1\"}\n],\"has_more\":" + more
                + ",\"first_id\":\"claude-haiku-4-5\",\"last_id\":\"claude-x-1\"}\n";
    }

    /** A model that the page does not have. */
    private static String named(String id) {
        return "{\"type\":\"model\",\"id\":\"%1$s\",\"display_name\":\"%1$s\",\"created_at\":\"1970-01-01T00:00:00Z\"}"
                .formatted(id);
    }

    private static List<String> ids(RawResponse answer) {
        return Answers.json(answer).getJsonArray("data").getValuesAs(JsonObject.class).stream()
                .map(model -> model.getString("id"))
                .toList();
    }

    private RawRequest get(String target) {
        return request("GET", target).field("anthropic-version", "2024-01-01");
    }

    private RawRequest openAi(String target) {
        return Ground.request(container, "GET", target).field("Authorization", "Bearer " + ACCESS_TOKEN);
    }
}
