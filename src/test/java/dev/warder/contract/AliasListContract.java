package dev.warder.contract;

import static dev.warder.contract.Contract.ACCESS_TOKEN;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.json.JsonTree;
import dev.warder.testkit.Deployment;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RecordedRequest;
import dev.warder.testkit.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The operator's names for models in the list of models, in both shapes (rule "Aliases of models"). */
class AliasListContract extends AliasGround {
    private static final String LIST = "/v1/models";
    private static final String HAIKU =
            "{\"type\":\"model\", \"id\":\"claude-haiku-4-5\",\"display_name\":\"Haiku\",\"created_at\":\"2026-01-01T00:00:00Z\"}";

    @Override
    Deployment configured(Deployment aliases) {
        return aliases.with("openai.models", "gpt-test=claude-haiku-4-5;fast=claude-x");
    }

    @Test
    void appendsPlainNamesToTheLastPage() throws Exception {
        answer(page(false), "");
        var answer = send(get("/v1/v1/models?beta=true")
                .field("Accept-Encoding", "gzip, br")
                .field("If-None-Match", "\"1\"")
                .field("Range", "bytes=0-9"));
        assertThat(answer.text())
                .isEqualTo(page(false)
                        .replaceAll("\\s", "")
                        .replace(
                                "],",
                                "," + HAIKU.replace("claude-haiku-4-5", "fast").replace(" ", "") + ","
                                        + named("gpt-both") + "," + named("claude-haiku-mine") + "," + named("other")
                                        + "],")
                        .replace("\"last_id\":\"claude-x-1\"", "\"last_id\":\"other\""));
        assertThat(answer.fields().has("etag")).isFalse();
        var sent = ground.upstream().take();
        assertThat(sent.target()).isEqualTo("/v1/models?beta=true&limit=1000");
        assertThat(sent.fields().values("accept-encoding")).containsExactly("identity");
        assertThat(sent.fields().has("if-none-match")).isFalse();
        assertThat(sent.fields().has("range")).isFalse();
        assertThat(sent.fields().values("anthropic-version")).containsExactly("2024-01-01");
    }

    /** Pages of two, forwards and backwards, as the clients of the API read them; one alias is also a model's name. */
    @Test
    void pagesThroughModelsAndAliasesWithoutListingOneTwice() throws Exception {
        ground.upstream().on(LIST, AliasListContract::paged);
        var all = List.of(
                "claude-haiku-4-5", "claude-x-1", "gpt-both", "claude-opus-5-5", "fast", "claude-haiku-mine", "other");
        var seen = new ArrayList<String>();
        var query = "?limit=2";
        for (boolean more = true; more && seen.size() <= all.size(); ) {
            var page = send(get(LIST + query));
            assertThat(Answers.ids(page)).hasSizeLessThanOrEqualTo(2);
            seen.addAll(Answers.ids(page));
            more = Answers.json(page).getBoolean("has_more");
            query = "?limit=2&after_id=" + Answers.json(page).getString("last_id");
        }
        assertThat(seen).isEqualTo(all);
        var back = Answers.json(send(get(LIST + "?limit=1&before_id=other")));
        assertThat(back.getBoolean("has_more")).isTrue();
        assertThat(back.getJsonArray("data").getJsonObject(0))
                .containsEntry("id", JsonTree.string("claude-haiku-mine"))
                .containsEntry("created_at", JsonTree.string("2026-10-21T00:00:00Z"));
    }

    /** The upstream's own paging, which knows no alias. */
    private static void paged(RecordedRequest request, Reply reply) throws IOException {
        var ids = List.of("claude-haiku-4-5", "claude-x-1", "gpt-both", "claude-opus-5-5");
        var after = Pattern.compile("after_id=([^&]+)").matcher(request.target());
        var limit = Pattern.compile("limit=([0-9]+)").matcher(request.target());
        int from = after.find() ? ids.indexOf(after.group(1)) + 1 : 0;
        int to = Math.min(ids.size(), from + (limit.find() ? Integer.parseInt(limit.group(1)) : 20));
        var data = ids.subList(from, to).stream()
                .map(id -> HAIKU.replace("claude-haiku-4-5", id)
                        .replace("2026-01-01", id.contains("opus") ? "2026-10-21" : "2026-01-01"))
                .toList();
        reply.json(
                200,
                "{\"data\":" + data + ",\"has_more\":" + (to < ids.size()) + ",\"first_id\":null,\"last_id\":"
                        + (data.isEmpty() ? null : Messages.quoted(ids.get(to - 1))) + "}");
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
        assertThat(Answers.ids(send(openAi("/openai/v1/models"))))
                .containsExactly(
                        "claude-haiku-4-5", "claude-x-1", "gpt-test", "fast", "gpt-both", "claude-haiku-mine", "other");
        answer(HAIKU, "");
        assertThat(Answers.json(send(openAi("/openai/v1/models/review-1"))).getString("id"))
                .isEqualTo("review-1");
        assertThat(ground.upstream().requests())
                .extracting(sent -> sent.target())
                .containsExactly("/v1/models?limit=1000", "/v1/models/claude-opus-5-5");
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

    private RawRequest get(String target) {
        return request("GET", target).field("anthropic-version", "2024-01-01");
    }

    private RawRequest openAi(String target) {
        return Ground.request(container, "GET", target).field("Authorization", "Bearer " + ACCESS_TOKEN);
    }
}
