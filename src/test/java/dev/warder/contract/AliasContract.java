package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.json.JsonTree;
import dev.warder.testkit.Container;
import dev.warder.testkit.EachRow;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.RecordedRequest;
import dev.warder.testkit.Reply;
import dev.warder.testkit.Script;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The operator's names for models in requests, in the responses to messages, and in the list of models in both shapes (rule
 * "Aliases of models").
 */
class AliasContract extends GroundContract {
    private static final String MESSAGES = "/v1/messages";
    private static final List<String> PATHS = List.of(MESSAGES, "/v1/messages/count_tokens");
    private static final String TEXT = "Answer in the house style.";
    private static final String BLOCK = "{\"type\":\"text\",\"text\":\"" + TEXT + "\"}";

    private static final String ENTRIES = "fast=claude-haiku-4-5;review*=claude-opus-5-5;gpt-both=claude-opus-5-5;"
            + "claude-haiku-mine=claude-opus-5-5;other=claude-x;plain=*";

    private static final String UPSTREAM = "\"model\":\"claude-test\"";
    private static final String STREAM = String.join("", Messages.stream("grüß dich", "\"model\":\"claude-test\""));
    private static final String LIST = "/v1/models";

    private static final String HAIKU =
            "{\"type\":\"model\", \"id\":\"claude-haiku-4-5\",\"display_name\":\"Haiku\",\"created_at\":\"2026-01-01T00:00:00Z\"}";

    private final String limited = token();
    private Container container;

    @BeforeAll
    final void deploy() throws Exception {
        log.plant(limited);
        var line = line(limited, "support") + " models=claude-haiku-*";
        container = ground.container(
                "aliases",
                ground.usual()
                        .with("models.aliases", ENTRIES)
                        .with("openai.models", "gpt-test=claude-haiku-4-5;gpt-both=claude-sonnet-5-5")
                        .with(
                                "clients.file",
                                Files.writeString(folder.resolve("clients"), line)
                                        .toString())
                        .with("prompt.text", TEXT)
                        .with("prompt.countTokens", "true")
                        .with("prompt.skipModels", "claude-haiku*,claude-x,plain,FAST")
                        .with("stream.keepAlive", "0s"));
    }

    @EachRow({
        "{ \"n\":[1.0,1e3,-0], \"model\" :\\t\"fast\" ,\"a\":1,\"a\":2 }\\n | \"fast\" | \"claude-haiku-4-5\"",
        "{\"messages\":[{\"model\":\"fast\"}],\"model\":\"f\\u0061st\"}      | \"f\\u0061st\" | \"claude-haiku-4-5\"",
        "{\"model\":\"fast[1m]\",\"tools\":[{\"model\":\"fast\"}]} | \"fast[1m]\" | \"claude-haiku-4-5[1m]\"",
        "{\"model\":\"claude-x\",\"Models\":\"fast\"}              | -  | -",
        "{ \"model\" : \"FAST\" }                                  | -  | -",
        "{ \"model\" : \"plain\" }                                 | -  | -"
    })
    void replacesTheValueAndNoOtherByte(String body, String value, String model) throws Exception {
        var json = body.replace("\\t", "\t").replace("\\n", "\n");
        var expected = json.replace(value, model);
        for (var path : PATHS) {
            assertStatus(200, send(post(path).json(json)));
            var sent = upstream.take();
            assertThat(sent.text()).isEqualTo(expected);
            assertThat(sent.fields().values("content-length")).containsExactly(Integer.toString(utf8(expected).length));
            assertThat(sent.fields().values("accept-encoding")).containsExactly("identity");
        }
    }

    @Test
    void replacesItInACodedBodyNextToThePrompt() throws Exception {
        var body = "{\"model\":\"review-1\",\"max_tokens\":1}";
        for (var path : PATHS) {
            var request = post(path)
                    .field("Content-Encoding", "gzip")
                    .field("Content-Digest", "sha-256=:AAAA:")
                    .body(GzipBytes.gzip(utf8(body)));
            assertStatus(200, send(request));
            var sent = upstream.take();
            assertThat(sent.text())
                    .isEqualTo("{\"model\":\"claude-opus-5-5\",\"max_tokens\":1,\"system\":[" + BLOCK + "]}");
            assertThat(sent.fields().has("content-digest")).isFalse();
        }
        assertStatus(200, send(post(MESSAGES).json("{\"system\":\"Be brief.\",\"model\":\"review-2\"}")));
        assertThat(upstream.take().text())
                .isEqualTo("{\"system\":[" + BLOCK + ",{\"type\":\"text\",\"text\":\"Be brief.\"}],"
                        + "\"model\":\"claude-opus-5-5\"}");
    }

    @Test
    void restrictsAClientByTheModelThatIsAskedUpstream() throws Exception {
        for (var path : PATHS) {
            assertStatus(200, send(limited(path).json(body("fast"))));
            assertThat(upstream.take().text()).isEqualTo(body("claude-haiku-4-5"));
            for (var model : List.of("review", "claude-haiku-mine", "claude-opus-5-5", "plain")) {
                Answers.refused(send(limited(path).json(body(model))), 403);
            }
            // Only the top-level model is replaced; this name goes up as it is.
            var nested = "{\"model\":\"fast\",\"tools\":[{\"model\":\"fast\"}]}";
            Answers.refused(send(limited(path).json(nested)), 403);
        }
        assertThat(upstream.requests()).hasSize(2);
    }

    @Test
    void refusesAMemberThatSomeReadersTakeForTheModel() throws Exception {
        var unprompted = ground.container("unprompted", ground.usual().with("models.aliases", ENTRIES));
        for (var path : PATHS) {
            var request = authenticated(unprompted, "POST", path);
            Answers.refused(send(unprompted, request.json("{\"model\":\"fast\",\"Model\":\"claude-x\"}")), 400);
        }
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void changesNothingOnTheRawRoute() throws Exception {
        upstream.next(json(200, Messages.message("Hi.")));
        var answer = send(post("/anthropic/v1/messages").json(body("fast")));
        assertThat(answer.text()).isEqualTo(Messages.message("Hi."));
        assertThat(upstream.take().text()).isEqualTo(body("fast"));
    }

    @ParameterizedTest
    @CsvSource({
        "fast,      claude-haiku-4-5",
        "fast[1m],  claude-haiku-4-5[1m]",
        "gpt-both,  claude-sonnet-5-5",
        "claude-haiku-mine, claude-opus-5-5"
    })
    void holdsForChatCompletionsAfterTheirOwnModels(String name, String model) throws Exception {
        var chat = Completions.WHOLE.replace(Completions.ALIAS, name);
        var answer = send(post(Completions.PATH).json(chat));
        assertThat(Answers.json(answer).getString("model")).isEqualTo(name);
        assertThat(upstream.take().text()).contains("\"model\":\"" + model + "\"");
        assertThat(line(answer)).contains("model=" + model, "status=200");
    }

    private RawRequest limited(String path) {
        return request(container, "POST", path).field("x-api-key", limited);
    }

    private RawRequest request(String method, String target) {
        return authenticated(container, method, target);
    }

    private RawRequest post(String path) {
        return request("POST", path);
    }

    private RawResponse send(RawRequest request) throws Exception {
        return send(container, request);
    }

    private static String streaming(String model) {
        return "{\"model\":\"" + model + "\",\"max_tokens\":9,\"stream\":true}";
    }

    @ParameterizedTest
    @ValueSource(strings = {"fast", "fast[1m]"})
    void namesTheAliasInAWholeMessage(String alias) throws Exception {
        var message = Messages.message("the \"model\":\"claude-test\"");
        upstream.next((request, reply) -> reply.field("ETag", "\"1\"")
                .field("Content-Digest", "sha-256=:AAAA:")
                .field("request-id", "req_1")
                .json(200, message));
        var answer = send(post(MESSAGES).json(body(alias)));
        assertThat(answer.text()).isEqualTo(message.replace(UPSTREAM, "\"model\":\"" + alias + "\""));
        assertThat(answer.truncated()).isFalse();
        assertNoFields(answer.fields(), "etag", "content-digest");
        assertThat(answer.fields().values("request-id")).containsExactly("req_1");
        assertThat(line(answer)).contains("model=claude-haiku-4-5", "status=200", "end=ok");
    }

    @Test
    void namesTheAliasInALargeMessage() throws Exception {
        var message = Messages.message("grüß dich ".repeat(50_000));
        upstream.next(json(200, message));
        var answer = send(post(MESSAGES).json(body("fast")));
        assertThat(answer.text().equals(message.replace(UPSTREAM, "\"model\":\"fast\"")))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"one piece", "single bytes", "a length"})
    void namesTheAliasInAStream(String form) throws Exception {
        var bytes = utf8(STREAM);
        upstream.next((request, reply) -> {
            reply.field("Content-Type", "text/event-stream; charset=utf-8");
            if (form.equals("a length")) {
                reply.length(bytes.length);
                reply.content(bytes);
                return;
            }
            reply.chunked();
            if (form.equals("one piece")) {
                reply.chunk(bytes);
            } else {
                reply.dribbleChunks(bytes);
            }
            reply.lastChunk();
        });
        var answer = send(post(MESSAGES).json(streaming("review[1m]")));
        assertThat(answer.text()).isEqualTo(STREAM.replaceFirst(UPSTREAM, "\"model\":\"review\\[1m]\""));
        assertThat(answer.truncated()).isFalse();
        assertThat(line(answer)).contains("model=claude-opus-5-5[1m]", "status=200", "end=ok");
    }

    @Test
    void passesAMessageAsItIsWhereNoAliasWasNamed() throws Exception {
        for (var model : List.of("claude-x", "plain")) {
            upstream.next((request, reply) -> reply.field("ETag", "\"1\"").json(200, Messages.message("Hi.")));
            var answer = send(post(MESSAGES).json(body(model)));
            assertThat(answer.text()).isEqualTo(Messages.message("Hi."));
            assertThat(answer.fields().values("etag")).containsExactly("\"1\"");
            upstream.next((request, reply) -> reply.messageStream("a", "b"));
            assertThat(send(post(MESSAGES).json(streaming(model))).text())
                    .isEqualTo(String.join("", Messages.stream("a", "b")));
        }
    }

    @Test
    void passesResponsesThatAreNoMessages() throws Exception {
        var odd = "{" + UPSTREAM + ",]";
        unchanged(400, "application/json", Messages.error("invalid_request_error", "{" + UPSTREAM + "}"));
        unchanged(404, "application/json", "{" + UPSTREAM + "}");
        unchanged(200, "application/json", odd);
        unchanged(200, "text/html", "{" + UPSTREAM + "}");
        unchanged(200, "text/event-stream", Messages.event("error", Messages.error("api_error", "No.")));
        var coded = GzipBytes.gzip(utf8(Messages.message("Hi.")));
        upstream.next((request, reply) -> {
            reply.field("Content-Type", "application/json").field("Content-Encoding", "gzip");
            reply.length(coded.length);
            reply.content(coded);
        });
        assertThat(send(post(MESSAGES).json(body("fast"))).body()).isEqualTo(coded);
    }

    @Test
    void passesTheCountOfTokensAsItIs() throws Exception {
        var count = "{\"input_tokens\":3," + UPSTREAM + "}";
        upstream.next(json(200, count));
        var answer = send(post("/v1/messages/count_tokens").json(body("fast")));
        assertThat(answer.text()).isEqualTo(count);
        assertThat(answer.fields().values("content-length")).containsExactly(Integer.toString(count.length()));
    }

    @Test
    void endsAStreamThatBreaksInsideItsFirstEvent() throws Exception {
        upstream.next(Script.cutEvents(Messages.ping() + Messages.start().substring(0, 60)));
        var answer = send(post(MESSAGES).json(streaming("fast")));
        assertThat(answer.text())
                .startsWith(Messages.ping() + "event: error\ndata: {")
                .endsWith("}\n\n")
                .doesNotContain("message_start");
        assertThat(line(answer)).contains("end=upstream-lost");
    }

    private void unchanged(int status, String type, String text) throws Exception {
        var bytes = utf8(text);
        upstream.next((request, reply) -> {
            reply.status(status).field("Content-Type", type).length(bytes.length);
            reply.content(bytes);
        });
        assertText(status, send(post(MESSAGES).json(body("fast")))).isEqualTo(text);
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
        var sent = upstream.take();
        assertThat(sent.target()).isEqualTo("/v1/models?beta=true&limit=1000");
        assertThat(sent.fields().values("accept-encoding")).containsExactly("identity");
        assertNoFields(sent.fields(), "if-none-match", "range");
        assertThat(sent.fields().values("anthropic-version")).containsExactly("2024-01-01");
    }

    /** Pages of two, forwards and backwards, as the clients of the API read them; one alias is also a model's name. */
    @Test
    void pagesThroughModelsAndAliasesWithoutListingOneTwice() throws Exception {
        upstream.on(LIST, AliasContract::paged);
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
        assertFields(answer.fields(), "content-encoding", "br", "etag", "\"1\"");
        upstream.next(json(404, page(false)));
        assertThat(send(get(LIST)).text()).isEqualTo(page(false));
    }

    @ParameterizedTest
    @CsvSource({"GET, /v1/models/fast", "HEAD, /v1/models/fast", "GET, /anthropic/v1/models", "GET, /v1/files"})
    void passesOtherRequestsAsTheyAre(String method, String target) throws Exception {
        answer(page(false), "");
        var answer =
                send(request(method, target).field("Accept-Encoding", "gzip").field("If-None-Match", "\"1\""));
        assertThat(answer.fields().values("etag")).containsExactly("\"1\"");
        assertThat(answer.text()).isEqualTo(method.equals("HEAD") ? "" : page(false));
        var sent = upstream.take();
        assertThat(sent.target()).isEqualTo(target.replace("/anthropic", ""));
        assertFields(sent.fields(), "accept-encoding", "gzip", "if-none-match", "\"1\"");
    }

    @Test
    void keepsTheCodingWithoutAPlainName() throws Exception {
        var patterns = ground.container("patterns", ground.usual().with("models.aliases", "fast*=claude-haiku-4-5"));
        answer(page(false), "");
        var request = authenticated(patterns, "GET", LIST)
                .field("anthropic-version", "2024-01-01")
                .field("Accept-Encoding", "gzip");
        assertThat(send(patterns, request).text()).isEqualTo(page(false));
        assertThat(upstream.take().fields().values("accept-encoding")).containsExactly("gzip");
    }

    @Test
    void listsThemInOpenAisShapeAfterItsOwn() throws Exception {
        answer(page(false), "");
        assertThat(Answers.ids(send(openAi("/openai/v1/models"))))
                .containsExactly(
                        "claude-haiku-4-5", "claude-x-1", "gpt-test", "gpt-both", "fast", "claude-haiku-mine", "other");
        answer(HAIKU, "");
        assertThat(Answers.json(send(openAi("/openai/v1/models/review-1"))).getString("id"))
                .isEqualTo("review-1");
        assertThat(upstream.requests())
                .extracting(sent -> sent.target())
                .containsExactly("/v1/models?limit=1000", "/v1/models/claude-opus-5-5");
    }

    @Test
    void showsTheTextsOfAPicker() throws Exception {
        var file = Files.writeString(
                folder.resolve("picker"),
                "[{\"name\":\"claude-fast\",\"model\":\"claude-haiku-4-5\",\"display_name\":\"Fast\","
                        + "\"description\":\"For reviews.\"}]");
        var picker = ground.container("picker", ground.usual().with("models.aliases", "file:" + file));
        answer(page(false), "");
        var list = authenticated(picker, "GET", LIST + "?limit=1000").field("anthropic-version", "2024-01-01");
        assertThat(send(picker, list).text())
                .contains(HAIKU.replace("claude-haiku-4-5", "claude-fast")
                        .replace("Haiku", "Fast")
                        .replace(" ", "")
                        .replace("}", ",\"description\":\"For reviews.\"}"));
    }

    private void answer(String page, String coding) {
        var bytes = utf8(page);
        upstream.next((request, reply) -> {
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
        return request(container, "GET", target).bearer(ACCESS_TOKEN);
    }
}
