package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.Script;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the client gets when no managed credential is left or none takes over (rule "Refused managed credentials"). */
class FailoverEndContract extends PoolContract {
    private static final Script LAST = (request, reply) -> reply.field("retry-after", "7")
            .field("request-id", "req_of_the_last")
            .json(529, Messages.error("overloaded_error", "the last"));

    private static final Script RESET = (request, reply) -> reply.reset();

    private static final Script REJECTED = (request, reply) -> reply.field("WWW-Authenticate", "Bearer realm=\"up\"")
            .json(401, Messages.error("authentication_error", "invalid x-api-key"));

    @Test
    void answersWithTheLastAnswerByteForByteWhenAllFail() throws Exception {
        next(error(500, "the first"), LAST);
        assertLast(ask(shared(2)), "c1");
        assertThat(sentWith()).containsExactly("c0", "c1");
    }

    @Test
    void answersWithARealAnswerWhereTheConnectionWasLostBehindIt() throws Exception {
        next(LAST, RESET);
        assertLast(ask(shared(2)), "c0");
    }

    @Test
    void answersWithARealAnswerBehindARejection() throws Exception {
        next(REJECTED, LAST);
        assertLast(ask(shared(2)), "c1");
    }

    @Test
    void says502WhereNoAnswerCameAtAll() throws Exception {
        next(RESET, RESET);
        Refusal.check(ask(shared(2)), 502, "api_error");
        assertThat(sentWith()).containsExactly("c0", "c1");
    }

    @Test
    void namesTheCredentialThatWasRejectedLastAndThenAllOfThem() throws Exception {
        next(REJECTED, REJECTED);
        var pool = shared(2);
        var answer = ask(pool);
        assertThat(Refusal.check(answer, 502, "api_error")).contains("\"c1\"");
        assertNoLogin(answer);
        ground.upstream().credentialChecks(REJECTED);
        for (String credential : List.of("c0", "c1")) {
            next(REJECTED);
            assertNoLogin(relay(pool, "POST /anthropic/v1/messages"));
            ground.log().await("dev.warder", line -> line.contains(credential + ": benched"), DeployedContract.SOON);
        }
        ground.upstream().credentialsAreValid().clear();
        var benched = ask(pool);
        assertThat(Refusal.check(benched, 502, "api_error")).contains("\"c0\"", "\"c1\"");
        assertNoLogin(benched);
        assertThat(ground.upstream().requests()).isEmpty();
    }

    @Test
    void says429WithTheShortestWaitWhenAllAreLimited() throws Exception {
        next(limited("40"), limited("30"));
        var pool = shared(2);
        var passed = ask(pool);
        assertThat(passed.status()).isEqualTo(429);
        assertThat(passed.fields().values("retry-after")).containsExactly("30");
        ground.upstream().clear();
        var refused = ask(pool);
        Refusal.check(refused, 429, "rate_limit_error");
        assertThat(seconds(refused)).isBetween(11, 30);
        assertThat(ground.upstream().requests()).isEmpty();
    }

    @Test
    void says503WithTheShortestWaitWhenTheReasonsDiffer() throws Exception {
        var pool = shared(2);
        next(error(402, "pay"));
        assertThat(ask(pool).text()).isEqualTo(FINE);
        next(limited("30"));
        assertThat(ask(pool).status()).isEqualTo(429);
        ground.upstream().clear();
        var refused = ask(pool);
        Refusal.check(refused, 503, "overloaded_error");
        assertThat(seconds(refused)).isBetween(11, 30);
        assertThat(ground.upstream().requests()).isEmpty();
    }

    @Test
    void neverBenchesASingleCredential() throws Exception {
        var pool = shared(1);
        for (int i = 0; i < 7; i++) {
            next(i % 2 == 0 ? limited("600") : error(500, "busy"));
            assertThat(ask(pool).status()).isEqualTo(i % 2 == 0 ? 429 : 500);
        }
        next(REJECTED);
        assertNoLogin(ask(pool));
        assertThat(ask(pool).text()).isEqualTo(FINE);
        assertThat(ground.upstream().requests()).hasSize(9);
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 429, 529})
    void neverReplacesACredentialOfTheClients(int status) throws Exception {
        next(error(status, "yours"));
        var pool = shared(2);
        var answer = Ground.send(pool, question(pool).field("Authorization", "Bearer " + Contract.OWN_OAUTH));
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.text()).isEqualTo(Messages.error("api_error", "yours"));
        assertThat(ground.upstream().requests()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST /v1/files", "POST /anthropic/v1/messages", "GET /anthropic/v1/models"})
    void sendsNothingAgainThatIsRelayed(String endpoint) throws Exception {
        next(error(529, "busy"));
        var pool = pool("relayed", 12);
        assertThat(relay(pool, endpoint).status()).isEqualTo(529);
        assertThat(ground.upstream().requests()).hasSize(1);
        next(REJECTED);
        assertNoLogin(relay(pool, endpoint));
        assertThat(ground.upstream().requests()).hasSize(2);
    }

    /**
     * A client that leaves is noticed by no server before the head; the end of draining always is. The response goes on all the time,
     * so that it is not its silence that ends it.
     */
    @Test
    void sendsNothingMoreWhereTheExchangeEndsWhileAnAnswerIsKeptBack(@TempDir Path folder) throws Exception {
        next((request, reply) -> {
            reply.status(529).length(9000);
            reply.content(new byte[100]);
            while (true) {
                DeployedContract.pause(50);
                reply.content(new byte[1]);
            }
        });
        var drain = folder.resolve("drain");
        var pool =
                pool("draining", several(2).with("drain.file", drain.toString()).with("timeouts.drain", "1s"));
        try (var client = RawClient.connect(pool.baseUri())) {
            client.send(question(pool));
            var sent = ground.upstream().take();
            sent.written().awaitAtLeast(100, DeployedContract.SOON);
            Files.createFile(drain);
            Refusal.check(client.readResponse(), 503, "overloaded_error");
            sent.awaitPeerClosed(DeployedContract.SOON);
        }
        assertThat(sentWith()).containsExactly("c0");
    }

    private static RawResponse relay(Container pool, String endpoint) throws Exception {
        var words = endpoint.split(" ");
        var request = authenticated(pool, words[0], words[1]);
        return Ground.send(pool, words[0].equals("POST") ? request.json(QUESTION) : request);
    }

    private static Script limited(String seconds) {
        return (request, reply) ->
                reply.field("retry-after", seconds).json(429, Messages.error("rate_limit_error", "enough"));
    }

    private void assertLast(RawResponse answer, String credential) throws Exception {
        assertThat(answer.status()).isEqualTo(529);
        assertThat(answer.text()).isEqualTo(Messages.error("overloaded_error", "the last"));
        assertThat(answer.fields().values("retry-after")).containsExactly("7");
        assertThat(answer.fields().values("request-id")).containsExactly("req_of_the_last");
        assertThat(accessLine(answer)).contains("credential=" + credential + "/api-key status=529");
    }

    private static void assertNoLogin(RawResponse answer) {
        Refusal.check(answer, 502, "api_error");
        assertThat(answer.fields().values("x-should-retry")).containsExactly("false");
        assertThat(answer.fields().has("WWW-Authenticate")).isFalse();
    }

    private static int seconds(RawResponse answer) {
        return Integer.parseInt(answer.fields().first("retry-after").orElseThrow());
    }
}
