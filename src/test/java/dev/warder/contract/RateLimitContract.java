package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.Reply;
import dev.warder.testkit.Script;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rate limits of {@code policy.file}. Most are so low that nothing worth mentioning is added to them during a test. */
class RateLimitContract extends PolicyGround {
    private static final String COUNT = MESSAGES + "/count_tokens";
    private static final String FIELDS = "anthropic-ratelimit-";
    private static final String STREAMING =
            "{\"model\":\"" + MODEL + "\",\"max_tokens\":64000,\"stream\":true,\"messages\":[]}";

    private static final String FILE = "limits";

    private int version;

    /** The name of the first client in the policy of this test. */
    private String client = "";

    @BeforeEach
    final void clear() {
        upstream.clear();
    }

    @Test
    void refusesWhatExceedsTheRequestsOfAMinuteAndNobodyElse() throws Exception {
        var container = node("{\"requests_per_minute\": 3}");
        double before = metric(container);
        for (int i = 0; i < 3; i++) {
            assertStatus(200, message(container, "laptop"));
        }

        var refused = message(container, "desktop");

        assertThat(Answers.refused(refused, 429))
                .isEqualTo("This request would exceed the limit of requests per minute of client " + client + ".");
        assertThat(retryAfter(refused)).isBetween(1, 20);
        assertThat(refused.fields().has("x-should-retry")).isFalse();
        assertThat(refused.fields().values(FIELDS + "requests-limit")).containsExactly("3");
        assertThat(refused.fields().values(FIELDS + "requests-remaining")).containsExactly("0");
        assertThat(line(refused)).contains("client=" + client + " ");
        assertStatus(200, message(container, "ci"));
        assertThat(upstream.requests()).hasSize(4);
        assertThat(metric(container) - before).isEqualTo(1);
    }

    @Test
    void requestsThatRunNoModelHaveALimitForThemselves() throws Exception {
        var container = node("{\"requests_per_minute\": 2}");
        for (int i = 0; i < 2; i++) {
            assertStatus(200, message(container, "laptop"));
            assertStatus(200, count(container));
        }
        assertStatus(429, message(container, "laptop"));
        assertStatus(429, count(container));
    }

    @Test
    void listsOfModelsShareTheLimitOfRequestsThatRunNoModel() throws Exception {
        var container = node("{\"requests_per_minute\": 1}");
        ok(container, request(container, "laptop", "GET", "/v1/models"));
        Answers.refused(count(container), 429);
        assertStatus(200, message(container, "laptop"));
    }

    @Test
    void whatTheGatewayItselfRefusesDoesNotCount() throws Exception {
        var container = node("{\"requests_per_minute\": 1}");
        for (int i = 0; i < 3; i++) {
            assertStatus(400, send(container, "laptop", MESSAGES, "{\"model\":"));
        }
        assertStatus(200, message(container, "laptop"));
    }

    /** The upstream counts 3,000 tokens, of which 2,900 were in its cache. The body has room for more than twice that limit. */
    @Test
    void promptsCountWhatTheUpstreamHasCountedWithoutReadsOfTheCache() throws Exception {
        var container = node("{\"input_tokens_per_minute\": 1000}");
        var body = "{\"model\":\"" + MODEL + "\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\""
                + "x".repeat(5000) + "\"}]}";
        for (int i = 1; i <= 3; i++) {
            next(usage(60, 40, 2900, 5));
            var answer = send(container, "laptop", MESSAGES, body);
            if (i == 1) {
                assertStatus(200, answer);
                assertThat(answer.fields().values(FIELDS + "input-tokens-limit"))
                        .containsExactly("1000");
                assertThat(answer.fields().values(FIELDS + "tokens-limit")).containsExactly("1000");
            } else {
                assertThat(Answers.refused(answer, 429)).contains("input tokens per minute");
                // Not the whole minute that an empty bucket would take.
                assertThat(retryAfter(answer)).isBetween(1, 6);
            }
        }
        // Shorter ones have room: 100 tokens each have counted, the prompt is taken for 50.
        assertStatus(200, message(container, "laptop"));
    }

    @Test
    void aResponseThatWasTooLongDelaysTheNextRequestAndIsNotCut() throws Exception {
        var container = node("{\"output_tokens_per_minute\": 1000}");
        upstream.next(Script.events(
                Messages.start().replace("claude-test", MODEL),
                Messages.end().replace("\"output_tokens\":5", "\"output_tokens\":5000")));
        var answer = send(container, "laptop", MESSAGES, STREAMING);
        assertThat(answer.text()).endsWith(Messages.end().replace("\"output_tokens\":5", "\"output_tokens\":5000"));

        eventually(() -> message(container, "laptop").status() == 429);
        var refused = message(container, "laptop");
        assertThat(Answers.refused(refused, 429)).contains("output tokens per minute");
        assertThat(retryAfter(refused)).isBetween(180, 242);
    }

    @Test
    void limitsRequestsAtTheSameTime() throws Exception {
        var container = node("{\"concurrent_requests\": 1}");
        var goesOn = latch();
        upstream.next(json(goesOn, 200, usage(1, 0, 0, 1)));
        try (var first = connect(container)) {
            first.send(request(container, "laptop", "POST", MESSAGES).json(body(MODEL)));
            eventually(() -> upstream.requests().size() == 1);
            assertThat(Answers.refused(message(container, "laptop"), 429)).contains("requests at the same time");
            assertStatus(200, count(container));
            goesOn.countDown();
            assertStatus(200, first.readResponse());
        }
        eventually(() -> message(container, "laptop").status() == 200);
    }

    /** The upstream's connection is waited for another second. */
    @Test
    void aTranslatedStreamFreesItsPlaceWithItsMessage() throws Exception {
        var container = node("{\"concurrent_requests\": 1}");
        var ends = new ArrayList<Long>();
        for (int i = 0; i < 6; i++) {
            upstream.next(Script.heldEvents(latch(), Messages.start() + Messages.delta("whole") + Messages.end()));
            eventually(() -> chat(container).status() == 200);
            ends.add(System.nanoTime());
        }
        assertThat(Duration.ofNanos(ends.get(5) - ends.get(0))).isLessThan(Duration.ofSeconds(4));
    }

    private RawResponse chat(Container container) throws Exception {
        try (var client = connect(container)) {
            return client.exchange(request(container, "laptop", "POST", "/v1/chat/completions")
                    .json(STREAMING.replace("[]", "[{\"role\":\"user\",\"content\":\"x\"}]")));
        }
    }

    @Test
    void aRequestThatItsClientLeftFreesItsPlace() throws Exception {
        var container = node("{\"concurrent_requests\": 1}");
        var left = latch();
        upstream.next((request, reply) -> {
            reply.eventStream();
            reply.chunk(Messages.start());
            reply.await(left);
            // Until a write fails, Warder cannot know it.
            while (true) {
                reply.chunk(Messages.delta("x".repeat(10_000)));
            }
        });
        try (var client = connect(container)) {
            client.send(request(container, "laptop", "POST", MESSAGES).json(STREAMING))
                    .readHead();
            client.reset();
        } finally {
            left.countDown();
        }
        eventually(() -> message(container, "laptop").status() == 200);
    }

    @Test
    void teamsTheOrganizationAndModelsHaveLimitsToo() throws Exception {
        var limit = "\"limits\": {\"requests_per_minute\": 2}";
        var team = deployed(CLIENTS.replace("\"name\": \"blue\"", "\"name\": \"blue\", " + limit));
        assertThat(twoAndARefusal(team, "ci")).endsWith("of team blue.");
        assertStatus(200, message(team, "laptop"));

        var organization = deployed("\"organization\": {" + limit + "}, " + CLIENTS);
        assertThat(twoAndARefusal(organization, "ci")).endsWith("of the organization.");
        assertStatus(429, message(organization, "laptop"));

        var model = deployed("\"models\": [{\"name\": \"claude-haiku-*\", " + limit + "}], " + CLIENTS);
        assertThat(twoAndARefusal(model, "laptop")).endsWith("of model claude-haiku-*.");
        assertStatus(200, send(model, "laptop", MESSAGES, body("claude-sonnet-4-5")));
        assertStatus(429, send(model, "laptop", MESSAGES, body("fast")));
    }

    /** Its tokens and its requests are those of its own model, wherever it is named. */
    @Test
    void aFurtherModelOfARequestHasItsLimitsToo() throws Exception {
        var limit = "\"limits\": {\"requests_per_minute\": 1}";
        var container = deployed("\"models\": [{\"name\": \"claude-opus-*\", " + limit + "}], " + CLIENTS);
        var body = "{\"model\":\"" + MODEL + "\",\"max_tokens\":9,\"fallbacks\":[{\"model\":\"claude-opus-5-5\"}]}";
        assertStatus(200, send(container, "laptop", MESSAGES, body));
        assertThat(Answers.refused(send(container, "laptop", MESSAGES, body), 429))
                .endsWith("of model claude-opus-*.");
        assertStatus(200, message(container, "laptop"));
    }

    private String twoAndARefusal(Container container, String token) throws Exception {
        assertStatus(200, message(container, token));
        assertStatus(200, message(container, token));
        return Answers.refused(message(container, token), 429);
    }

    @Test
    void fieldsAreThoseOfTheClientsLimitWhereItHasOne() throws Exception {
        var container = node("{\"requests_per_minute\": 10}");
        upstream.next((request, reply) -> upstreamFields(reply).json(200, usage(1, 0, 0, 1)));
        var answer = message(container, "laptop");
        assertThat(answer.fields().values(FIELDS + "requests-limit")).containsExactly("10");
        assertThat(answer.fields().values(FIELDS + "requests-remaining")).containsExactly("9");
        assertThat(Instant.parse(
                        answer.fields().values(FIELDS + "requests-reset").get(0)))
                .isAfter(Instant.parse("2026-01-01T00:00:00Z"));
        assertThat(answer.fields().values(FIELDS + "input-tokens-limit"))
                .as("no such limit")
                .containsExactly("777");

        upstream.next((request, reply) -> upstreamFields(reply).json(200, usage(1, 0, 0, 1)));
        assertThat(message(container, "ci").fields().values(FIELDS + "requests-limit"))
                .containsExactly("555");
    }

    @Test
    void openAisClientsGetTheirOwnFieldsAndErrors() throws Exception {
        var container = node("{\"requests_per_minute\": 1}");
        upstream.next((request, reply) -> upstreamFields(reply).json(200, usage(1, 0, 0, 1)));
        var request = openAi(container, "laptop", "POST", Completions.PATH).json(chat("gpt-small"));
        var answer = ok(container, request);
        assertFields(answer.fields(), "x-ratelimit-limit-requests", "1", "x-ratelimit-remaining-requests", "0");

        var refused = send(container, request);
        assertThat(Completions.refused(refused, 429, "requests", "rate_limit_exceeded"))
                .contains("requests per minute of client " + client);
        assertThat(refused.fields().has("retry-after")).isTrue();
    }

    /** It has the limits of its own account. */
    @Test
    void theClientsOwnCredentialIsNotLimited() throws Exception {
        var container = node("{\"requests_per_minute\": 1}");
        for (int i = 0; i < 3; i++) {
            upstream.next((request, reply) -> upstreamFields(reply).json(200, usage(1, 0, 0, 1)));
            var answer = ok(
                    container,
                    request(container, "POST", MESSAGES)
                            .field("x-warder-token", secret("laptop"))
                            .field("x-api-key", OWN_KEY)
                            .json(body(MODEL)));
            assertThat(answer.fields().values(FIELDS + "requests-limit")).containsExactly("555");
        }
    }

    @Test
    void requestsThatAreNotReadAreRefusedWhereTheirContentCounts() throws Exception {
        // Where an operator's credential is used at all on such paths.
        addToken("desktop", "rights=passthrough,managed,workspace");
        var tokens = node("{\"output_tokens_per_minute\": 1000}");
        eventually(() -> send(tokens, "desktop", MESSAGES + "/batches", body(MODEL))
                .text()
                .contains("a rate limit"));
        for (var path : List.of("/anthropic/v1/messages", "/anthropic/anything", "/v1/messages/batches")) {
            assertThat(forbidden(send(tokens, "desktop", path, body(MODEL))))
                    .contains("because a rate limit limits this client")
                    .endsWith(" Use /v1/messages instead.");
        }
        var slots = node("{\"concurrent_requests\": 5}");
        assertThat(forbidden(send(slots, "laptop", "/anthropic/v1/messages", body(MODEL))))
                .contains("a rate limit");
        var requests = node("{\"requests_per_minute\": 1}");
        assertStatus(200, send(requests, "laptop", "/anthropic/v1/messages", body(MODEL)));
        assertStatus(429, send(requests, "laptop", "/anthropic/v1/messages", body(MODEL)));
    }

    @Test
    void nodesWithACommonDatabaseShareALimit() throws Exception {
        String database = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
        var members = withLimits("{\"requests_per_minute\": 12, \"concurrent_requests\": 50}");
        var nodes = List.of(deployed("one", members, database), deployed("two", members, database));
        for (var node : nodes) {
            awaitReady(node);
        }
        int served = 0;
        long began = System.nanoTime();
        for (int i = 0; i < 40; i++) {
            served += message(nodes.get(i % 2), "laptop").status() == 200 ? 1 : 0;
        }
        long added = (System.nanoTime() - began) / 5_000_000_000L + 1;
        assertThat(served).isBetween(12, 12 + (int) added);
        assertThat(Answers.refused(message(nodes.get(0), "laptop"), 429)).isNotEmpty();
    }

    @Test
    void aNewVersionOfTheFileHoldsForTheNextRequest() throws Exception {
        var container = node("{\"requests_per_minute\": 1}");
        assertStatus(200, message(container, "laptop"));
        assertStatus(429, message(container, "laptop"));
        write(FILE, policy(++version, of(client, CLIENTS)));
        eventually(() -> message(container, "laptop").status() == 200);
        assertStatus(200, message(container, "laptop"));
    }

    private static Reply upstreamFields(Reply reply) {
        return reply.field(FIELDS + "requests-limit", "555")
                .field(FIELDS + "requests-remaining", "554")
                .field(FIELDS + "requests-reset", "2026-12-01T00:00:00Z")
                .field(FIELDS + "input-tokens-limit", "777");
    }

    /** @param limits of the first client */
    private Container node(String limits) throws Exception {
        return deployed(withLimits(limits));
    }

    private static String withLimits(String limits) {
        return CLIENTS.replace(
                "\"token_names\": [\"laptop\", \"desktop\"]",
                "\"token_names\": [\"laptop\", \"desktop\"], \"limits\": " + limits);
    }

    /** The shared node with a policy in which the first client is a new one, whose limits are all left. */
    private Container deployed(String members) throws Exception {
        client = "ada" + ++version;
        write(FILE, policy(version, of(client, members)));
        var container = deployed("limited", governed(FILE).with("metrics.open", "true"));
        if (version > 1) {
            log.await("dev.warder", line -> line.contains("version " + version + " replaces"), PATIENCE);
        }
        return container;
    }

    private static String of(String client, String members) {
        return members.replace("\"ada\"", "\"" + client + "\"");
    }

    /** A node for one test, at a database that others use too. */
    private Container deployed(String name, String members, String database) throws Exception {
        write(name, policy(1, members));
        return deployed(name, governed(name).withDatabase(database));
    }

    private void next(String message) {
        upstream.next(json(200, message));
    }

    private RawResponse count(Container container) throws IOException {
        return send(container, "laptop", COUNT, "{\"model\":\"" + MODEL + "\",\"messages\":[]}");
    }

    private RawResponse send(Container container, String token, String path, String body) throws IOException {
        return send(container, request(container, token, "POST", path).json(body));
    }

    private static double metric(Container container) throws IOException {
        return send(container, request(container, "GET", "/metrics"))
                .text()
                .lines()
                .filter(line -> line.startsWith("warder_rate_limit_refused_total "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' ') + 1)))
                .sum();
    }

    private static String usage(int input, int written, int read, int output) {
        return "{\"id\":\"msg_test\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"" + MODEL
                + "\",\"content\":[{\"type\":\"text\",\"text\":\"x\"}],\"stop_reason\":\"end_turn\",\"stop_sequence\":null,"
                + "\"usage\":{\"input_tokens\":" + input + ",\"cache_creation_input_tokens\":" + written
                + ",\"cache_read_input_tokens\":" + read + ",\"output_tokens\":" + output + "}}";
    }
}
