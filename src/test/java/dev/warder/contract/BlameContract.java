package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.Script;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * When a response takes a managed credential out of use: only when another credential did better with the same request, or
 * when the response itself names a limit (rule "Proof before blame"). One client's request never takes the credentials
 * from the others.
 */
class BlameContract extends PoolContract {
    private static final String OTHER_MODEL = QUESTION.replace("claude-x", "claude-y");
    private static final String CHAT = "{\"model\":\"claude-x\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

    private static final Script SPEND_LIMIT = (request, reply) ->
            reply.field("x-should-retry", "false").json(429, Messages.error("rate_limit_error", "spend limit"));

    private static final Script LIMITED = (request, reply) ->
            reply.field("retry-after", "40").json(429, Messages.error("rate_limit_error", "enough"));

    private static final Script REJECTED_STREAM =
            Script.events(Messages.event("error", Messages.error("api_error", "by its content")));

    /** More than the tests that share them take out of use. */
    private static final int MANY = 16;

    @Test
    void aPathThatIsForbiddenToAllBenchesNone() throws Exception {
        var pool = shared(2);
        next(error(403, "this path"), error(403, "this path"));
        assertStatus(403, send(pool, authenticated(pool, "GET", "/v1/skills")));
        assertServedByTheFirst(pool);
    }

    @Test
    void fiveFailuresByTheContentOpenNoBreaker() throws Exception {
        var pool = shared(2);
        for (int i = 0; i < 5; i++) {
            next(error(500, "by its content"), error(500, "by its content"));
            assertStatus(500, ask(pool));
        }
        assertServedByTheFirst(pool);
    }

    @Test
    void aSpendLimitThatAllReportBenchesNone() throws Exception {
        var pool = shared(2);
        next(SPEND_LIMIT, SPEND_LIMIT);
        assertStatus(429, ask(pool));
        assertServedByTheFirst(pool);
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 402, 403, 429, 500, 529})
    void aRequestThatIsRefusedEverywhereBenchesNone(int status) throws Exception {
        var pool = shared(2);
        next(error(status, "to all"), error(status, "to all"));
        assertThat(ask(pool).status()).isEqualTo(status == 401 ? 502 : status);
        assertServedByTheFirst(pool);
    }

    @Test
    void streamsThatBeginWithAnErrorEverywhereBenchNone() throws Exception {
        var pool = shared(2);
        for (int i = 0; i < 5; i++) {
            next(REJECTED_STREAM, REJECTED_STREAM);
            assertThat(ask(pool).text()).contains("by its content");
        }
        next(error(403, "forbidden"), REJECTED_STREAM);
        assertThat(ask(pool).text()).contains("by its content");
        assertServedByTheFirst(pool);
    }

    @Test
    void connectionsThatAreLostEverywhereBenchNone() throws Exception {
        var pool = shared(2);
        for (int i = 0; i < 5; i++) {
            next((request, reply) -> reply.reset(), (request, reply) -> reply.reset());
            assertStatus(502, ask(pool));
        }
        assertServedByTheFirst(pool);
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 402, 403, 429})
    void aCredentialIsBenchedWhereAnotherIsServed(int status) throws Exception {
        var pool = pool("better", MANY);
        int first = firstInUse(pool);
        next(error(status, "the first"));
        assertThat(ask(pool).text()).isEqualTo(FINE);
        assertThat(ask(pool).text()).isEqualTo(FINE);
        assertThat(sentWith()).containsExactly("c" + first, "c" + (first + 1), "c" + (first + 1));
    }

    @ParameterizedTest
    @CsvSource({"400, c1", "404, c1", "429, c0", "500, c0"})
    void isBenchedByWhatAnotherIsAnswered(int status, String next) throws Exception {
        var pool = pool("answered-" + status, 2);
        next(error(403, "the first"), error(status, "the second"));
        assertStatus(status, ask(pool));
        assertThat(ask(pool).text()).isEqualTo(FINE);
        assertThat(sentWith()).containsExactly("c0", "c1", next);
    }

    @ParameterizedTest
    @CsvSource({"/v1/messages/count_tokens, ct", "/v1/chat/completions, chat", "/v1/responses, responses"})
    void isBenchedByRequestsOfEveryJudgedKind(String path, String name) throws Exception {
        var pool = pool("better", MANY);
        int first = firstInUse(pool);
        next(error(403, "the first"));
        String body =
                switch (name) {
                    case "chat" -> CHAT;
                    case "responses" -> CHAT.replace("messages", "input");
                    default -> QUESTION;
                };
        assertStatus(200, post(pool, path, body));
        assertThat(ask(pool).text()).isEqualTo(FINE);
        assertThat(sentWith()).containsExactly("c" + first, "c" + (first + 1), "c" + (first + 1));
    }

    @Test
    void requestsOfOtherKindsBenchNoneThoughAnotherIsServed() throws Exception {
        var pool = shared(2);
        for (var script : new Script[] {error(403, "no"), LIMITED, error(401, "no")}) {
            next(script);
            ok(pool, authenticated(pool, "GET", "/v1/models"));
        }
        assertServedByTheFirst(pool);
    }

    @Test
    void benchesAtTheFirstEventOfTheBetterStream() throws Exception {
        var begun = latch();
        var ended = latch();
        var pool = pool("event", 2);
        next(error(403, "the first"), (request, reply) -> {
            reply.eventStream();
            reply.await(begun);
            reply.chunk(Messages.start());
            reply.await(ended);
            reply.messageStream("never mind");
        });
        try (var client = connect(pool)) {
            assertThat(client.send(question(pool)).readHead().status()).isEqualTo(200);
            assertThat(ask(pool).text()).isEqualTo(FINE);
            assertThat(sentWith()).containsExactly("c0", "c1", "c0");
            begun.countDown();
            client.readSome(Messages.start().length());
            assertThat(ask(pool).text()).isEqualTo(FINE);
            assertThat(sentWith()).containsExactly("c0", "c1", "c0", "c1");
        } finally {
            begun.countDown();
            ended.countDown();
        }
    }

    @Test
    void aLimitHoldsForItsModelOnly() throws Exception {
        var pool = pool("model", 2);
        next(LIMITED);
        assertThat(ask(pool).text()).isEqualTo(FINE);
        assertThat(ask(pool).text()).isEqualTo(FINE);
        assertThat(post(pool, "/v1/messages", OTHER_MODEL).text()).isEqualTo(FINE);
        assertThat(sentWith()).containsExactly("c0", "c1", "c1", "c0");
        var health = send(pool, authenticated(pool, "GET", "/health/ready"));
        assertThat(health.text()).contains("claude-x").doesNotContain("claude-y");
    }

    @Test
    void aLimitThatAllReportRefusesItsModelOnly() throws Exception {
        var pool = pool("model-all", 2);
        next(LIMITED, LIMITED);
        assertStatus(429, ask(pool));
        upstream.clear();
        var refused = ask(pool);
        Refusal.check(refused, 429);
        assertThat(refused.fields().first("retry-after").orElse("")).matches("[34]\\d");
        assertThat(upstream.requests()).isEmpty();
        assertThat(post(pool, "/v1/messages", OTHER_MODEL).text()).isEqualTo(FINE);
    }

    @Test
    void aRejectedSubscriptionHoldsForAllModels() throws Exception {
        var pool = pool("subscription", 2);
        next((request, reply) -> reply.field("retry-after", "40")
                .field("anthropic-ratelimit-unified-status", "rejected")
                .json(429, Messages.error("rate_limit_error", "enough")));
        assertThat(ask(pool).text()).isEqualTo(FINE);
        assertThat(post(pool, "/v1/messages", OTHER_MODEL).text()).isEqualTo(FINE);
        assertThat(sentWith()).containsExactly("c0", "c1", "c1");
    }

    /** The limit is one of the organization, also where no other credential is left that could do better. */
    @ParameterizedTest
    @ValueSource(strings = {"ramp_limit_exceeded", "enforced_spend_limit_reached", "contract_spend_limit_reached"})
    void aLimitOfTheOrganizationHoldsForAllModels(String code) throws Exception {
        var pool = pool(code, 2);
        Script limited =
                (request, reply) -> reply.field("retry-after", "40").json(429, coded("rate_limit_error", code));
        next(limited);
        assertThat(ask(pool).text()).isEqualTo(FINE);
        assertThat(post(pool, "/v1/messages", OTHER_MODEL).text()).isEqualTo(FINE);
        next(limited);
        assertText(429, ask(pool)).isEqualTo(coded("rate_limit_error", code));
        assertStatus(429, post(pool, "/v1/messages", OTHER_MODEL));
        assertThat(sentWith()).containsExactly("c0", "c1", "c1", "c1");
    }

    @Test
    void aStreamThatBeginsWithALimitOfTheOrganizationHoldsForAllModels() throws Exception {
        var pool = pool("ramp-stream", 2);
        next((request, reply) -> {
            reply.field("retry-after", "40").eventStream();
            reply.event("error", coded("rate_limit_error", "ramp_limit_exceeded"));
            reply.lastChunk();
        });
        assertThat(ask(pool).text()).isEqualTo(FINE);
        assertThat(post(pool, "/v1/messages", OTHER_MODEL).text()).isEqualTo(FINE);
        assertThat(sentWith()).containsExactly("c0", "c1", "c1");
    }

    /** The customer behind a user profile cannot be billed: any other credential would get the same, or something worse. */
    @ParameterizedTest
    @ValueSource(strings = {"linked_organization_spend_limit_reached", "linked_organization_billing_unavailable"})
    void aLinkedOrganizationThatDoesNotPayBenchesNone(String code) throws Exception {
        var pool = pool(code, 2);
        Script unpaid = json(402, coded("billing_error", code));
        next(unpaid);
        assertText(402, ask(pool)).isEqualTo(coded("billing_error", code));
        assertThat(ask(pool).text()).isEqualTo(FINE);
        assertThat(sentWith()).containsExactly("c0", "c0");
    }

    private static String coded(String type, String code) {
        return "{\"type\":\"error\",\"error\":{\"type\":\"" + type
                + "\",\"message\":\"No.\",\"details\":{\"error_code\":\"" + code + "\"}}}";
    }

    @Test
    void aLimitOnTheRawRouteHoldsForAllModels() throws Exception {
        var pool = pool("raw-limit", 2);
        next(LIMITED);
        assertStatus(429, post(pool, "/anthropic/v1/messages", QUESTION));
        assertThat(ask(pool).text()).isEqualTo(FINE);
        assertThat(post(pool, "/v1/messages", OTHER_MODEL).text()).isEqualTo(FINE);
        assertThat(sentWith()).containsExactly("c0", "c1", "c1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST /anthropic/v1/messages", "GET /v1/skills", "POST /v1/skills"})
    void a401ThatIsNotSentAgainBenchesNoneThatTheUpstreamTakes(String endpoint) throws Exception {
        var pool = pool("raw-401", 2);
        var words = endpoint.split(" ");
        next(error(401, "no"), error(401, "no"));
        var request = authenticated(pool, words[0], words[1]);
        assertStatus(502, send(pool, words[0].equals("POST") ? request.json(QUESTION) : request));
        upstream.clear();
        assertServedByTheFirst(pool);
    }

    @Test
    void a401ThatIsNotSentAgainBenchesWhatTheUpstreamRefusesWhenAsked() throws Exception {
        var pool = pool("asked", 2);
        upstream.credentialChecks(error(401, "revoked"));
        // Of another pool whose first credential was benched.
        log.clear();
        try {
            next(error(401, "no"));
            assertStatus(502, post(pool, "/anthropic/v1/messages", QUESTION));
            var check = upstream.takeCredentialCheck();
            assertThat(check.target()).isEqualTo("/v1/models?limit=1");
            assertThat(check.fields().values("x-api-key")).containsExactly(key(0));
            log.await("dev.warder", line -> line.contains("credential c0: benched"), SOON);
            assertThat(ask(pool).text()).isEqualTo(FINE);
            assertThat(sentWith()).containsExactly("c0", "c1");
        } finally {
            upstream.credentialsAreValid();
        }
    }

    @Test
    void asksAboutACredentialOnceAMinute() throws Exception {
        var pool = pool("once", 2);
        for (int i = 0; i < 4; i++) {
            next(error(401, "no"));
            assertStatus(502, post(pool, "/anthropic/v1/messages", QUESTION));
        }
        upstream.takeCredentialCheck();
        assertServedByTheFirst(pool);
        assertThat(upstream.untakenCredentialChecks()).isZero();
    }

    @Test
    void triesNoThirdCredentialAfterTwoTimeOuts() throws Exception {
        var pool = pool("silent", several(3).with("timeouts.firstByte", "1s"));
        Script silent = (request, reply) -> reply.await(latch());
        next(silent, silent, silent);
        Refusal.check(ask(pool), 504);
        assertThat(sentWith()).containsExactly("c0", "c1");
        upstream.clear();
        assertServedByTheFirst(pool);
    }

    /** The number of the credential that is tried first now. */
    private int firstInUse(Container pool) throws Exception {
        assertThat(ask(pool).text()).isEqualTo(FINE);
        var first = sentWith().get(0);
        upstream.clear();
        return Integer.parseInt(first.substring(1));
    }

    /** The second client: it is served at once, by the first credential. */
    private void assertServedByTheFirst(Container pool) throws Exception {
        int before = upstream.requests().size();
        assertStatus(200, ask(pool));
        assertThat(sentWith()).hasSize(before + 1).endsWith("c0");
        upstream.clear();
    }

    private static RawResponse post(Container pool, String path, String json) throws Exception {
        return send(pool, authenticated(pool, "POST", path).json(json));
    }
}
