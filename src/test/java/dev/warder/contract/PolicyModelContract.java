package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which models {@code policy.file} permits, in both dialects, and which of them lists show. */
class PolicyModelContract extends PolicyGround {
    private static final String FILE = "models.json";
    private static final String PAGE = "{\"data\":[%s],\"has_more\":false,\"first_id\":\"%s\",\"last_id\":\"%s\"}";

    private static final String NO_MODEL = " may not use a model that this request names.";

    private Container container;

    @BeforeAll
    final void deploy() throws Exception {
        write(FILE, policy(1, CLIENTS));
        container = ground.container("models", governed(FILE));
        assertThat(container.deployed()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "build, claude-haiku-4-5, true",
        "build, claude-haiku-4-5[1m], true",
        "build, fast, true",
        "build, fast[1m], true",
        "build, claude-opus-5-5, false",
        "build, claude-opus-5-5[1m], false",
        "build, claude-sonnet-5-5, false",
        "build, Claude-haiku-4-5, false",
        "build, strong, false",
        "build, claude-haiku-mine, false",
        "build, strong[1m], false",
        "narrow, claude-sonnet-5-5, true",
        "narrow, claude-haiku-4-5, false",
        "narrow, fast, false"
    })
    void permitsTheModelsOfTheClientItsTeamAndItsToken(String client, String model, boolean permitted)
            throws Exception {
        String token = client.equals("build") ? "ci" : client;
        for (var path : List.of(MESSAGES, "/v1/messages/count_tokens")) {
            var answer = send(request(container, token, "POST", path).json(body(model)));
            if (permitted) {
                assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
            } else {
                assertThat(forbidden(answer)).isEqualTo("The client " + client + NO_MODEL);
                assertThat(line(answer)).contains(" client=" + client + " ", " status=403 ");
            }
        }
        assertThat(ground.upstream().requests()).hasSize(permitted ? 2 : 0);
    }

    @Test
    void refusesAModelThatABodyNamesElsewhere() throws Exception {
        var members = List.of(
                "\"fallbacks\":[{\"model\":\"claude-opus-5-5\"}]",
                "\"tools\":[{\"name\":\"a\",\"model\":\"claude-x\"}]");
        for (var member : members) {
            var json = body("claude-haiku-4-5").replace("}", "," + member + "}");
            forbidden(send(request(container, "ci", "POST", MESSAGES).json(json)));
            ok(request(container, "laptop", "POST", MESSAGES).json(json));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ci, gpt-small, true",
        "ci, fast, true",
        "ci, gpt-test, false",
        "ci, strong, false",
        "ci, claude-haiku-mine, false",
        "ci, claude-opus-5-5, false",
        "narrow, gpt-test, true",
        "narrow, gpt-small, false"
    })
    void permitsTheModelsThatChatCompletionsAskFor(String token, String model, boolean permitted) throws Exception {
        var answer = send(openAi(container, token, "POST", Completions.PATH).json(chat(model)));
        if (permitted) {
            assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        } else {
            assertThat(forbiddenAsOpenAi(answer))
                    .isEqualTo("The client " + (token.equals("ci") ? "build" : token) + NO_MODEL);
        }
        assertThat(ground.upstream().requests()).hasSize(permitted ? 1 : 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/messages/batches", "/anthropic/v1/messages", "/anthropic/v1/models"})
    void refusesAClientThatIsLimitedToModelsWhereNoneCanBeChecked(String path) throws Exception {
        var answer = send(request(container, "ci", "POST", path).json(body("claude-haiku-4-5")));
        assertThat(forbidden(answer)).startsWith("The client build is limited to some models ");
        assertThat(ground.upstream().requests()).isEmpty();
    }

    @Test
    void listsOnlyTheModelsThatTheClientMayUse() throws Exception {
        var limited = get("ci", "/v1/models?limit=3");
        assertThat(Answers.ids(limited)).containsExactly("claude-haiku-4-5", "fast");
        assertThat(limited.text()).doesNotContain("opus", "sonnet", "strong");
        assertThat(ground.upstream().take().target()).isEqualTo("/v1/models?limit=1000");
        assertThat(Answers.ids(get("narrow", "/v1/models"))).containsExactly("claude-sonnet-5-5");
        assertThat(Answers.ids(get("laptop", "/v1/models")))
                .containsExactly(
                        "claude-opus-5-5",
                        "claude-haiku-4-5",
                        "claude-sonnet-5-5",
                        "fast",
                        "strong",
                        "claude-haiku-mine");
    }

    @Test
    void asksForAListThatItCanReadWhateverTheClientAccepts() throws Exception {
        list();
        var coded = request(container, "ci", "GET", "/v1/models")
                .field("anthropic-version", "2023-06-01")
                .field("Accept-Encoding", "gzip, br")
                .field("If-None-Match", "\"1\"");
        assertThat(Answers.ids(ok(coded))).containsExactly("claude-haiku-4-5", "fast");
        var sent = ground.upstream().take().fields();
        assertThat(sent.values("accept-encoding")).containsExactly("identity");
        assertThat(sent.values("if-none-match")).isEmpty();
    }

    /** The clients of the API end their paging at an empty page, though the next one has models. */
    @Test
    void listsTheModelsOfALaterPageToo() throws Exception {
        ground.upstream().on("/v1/models", (request, reply) -> {
            boolean whole = request.target().contains("limit=1000");
            var first = "{\"id\":\"claude-opus-5-5\"}";
            var second = "{\"id\":\"claude-haiku-4-5\"}";
            var page = PAGE.formatted(whole ? first + "," + second : first, "claude-opus-5-5", "claude-opus-5-5");
            reply.json(200, whole ? page : page.replace("\"has_more\":false", "\"has_more\":true"));
        });
        for (var target : List.of("/v1/models", "/v1/models?limit=1&before_id=fast")) {
            var answer = ok(request(container, "ci", "GET", target).field("anthropic-version", "2023-06-01"));
            assertThat(Answers.ids(answer)).contains("claude-haiku-4-5");
            assertThat(Answers.json(answer).getBoolean("has_more")).isFalse();
        }
        var all = ok(request(container, "laptop", "GET", "/v1/models").field("anthropic-version", "2023-06-01"));
        assertThat(Answers.ids(all)).contains("claude-opus-5-5", "claude-haiku-4-5");
    }

    @Test
    void listsOnlyThoseInOpenAisShape() throws Exception {
        assertThat(Answers.ids(getAsOpenAi("ci", "/openai/v1/models")))
                .containsExactly("claude-haiku-4-5", "gpt-small", "fast");
        assertThat(Answers.ids(getAsOpenAi("narrow", "/v1/models"))).containsExactly("claude-sonnet-5-5", "gpt-test");
        assertThat(Answers.ids(getAsOpenAi("laptop", "/v1/models"))).hasSize(8);
    }

    @Test
    void showsNoModelThatTheClientMayNotUse() throws Exception {
        ok(request(container, "ci", "GET", "/v1/models/claude-haiku-4-5").field("anthropic-version", "2023-06-01"));
        assertThat(forbidden(send(request(container, "ci", "GET", "/v1/models/claude-opus-5-5"))))
                .isEqualTo("The client build" + NO_MODEL);
        assertThat(forbiddenAsOpenAi(send(openAi(container, "ci", "GET", "/openai/v1/models/gpt-test"))))
                .isEqualTo("The client build" + NO_MODEL);
        forbiddenAsOpenAi(send(openAi(container, "ci", "GET", "/v1/models/strong")));
        ok(request(container, "laptop", "GET", "/v1/models/claude-opus-5-5"));
        assertThat(ground.upstream().requests()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "claude-haiku%3A4, true",
        "claude-haiku-4+x, true",
        "fast, true",
        "claude-haiku-mine, false",
        "strong, false",
        "claude-opus-5/claude-haiku-4, false"
    })
    void decidesAboutOneModelAsTheListAndMessagesDo(String id, boolean permitted) throws Exception {
        var request = request(container, "ci", "GET", "/v1/models/" + id).field("anthropic-version", "2023-06-01");
        if (permitted) {
            ok(request);
            assertThat(ground.upstream().take().target()).isEqualTo("/v1/models/" + id);
        } else {
            assertThat(forbidden(send(request))).isEqualTo("The client build" + NO_MODEL);
            assertThat(ground.upstream().requests()).isEmpty();
        }
        ok(request(container, "laptop", "GET", "/v1/models/claude-opus-5").field("anthropic-version", "2023-06-01"));
    }

    private RawResponse get(String token, String target) throws Exception {
        list();
        return ok(request(container, token, "GET", target).field("anthropic-version", "2023-06-01"));
    }

    private RawResponse getAsOpenAi(String token, String target) throws Exception {
        list();
        return ok(openAi(container, token, "GET", target));
    }

    private void list() {
        var models = List.of("claude-opus-5-5", "claude-haiku-4-5", "claude-sonnet-5-5").stream()
                .map(id -> "{\"type\":\"model\",\"id\":\"" + id + "\"}")
                .toList();
        var page = PAGE.formatted(String.join(",", models), "claude-opus-5-5", "claude-sonnet-5-5");
        ground.upstream().next((request, reply) -> reply.json(200, page));
    }

    private RawResponse ok(RawRequest request) throws IOException {
        return ok(container, request);
    }

    private RawResponse send(RawRequest request) throws Exception {
        return Ground.send(container, request);
    }
}
