package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Deployment;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.Reply;
import dev.warder.testkit.Script;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * When another managed credential takes over: whichever is in front fails, and the next one answers.
 *
 * <p>What the client gets when no managed credential is left or none takes over (rule "Refused managed credentials").
 *
 * <p>Another managed credential takes over, and its answer alone is translated (rules "Failover before the first byte"
 * and "Time out of use").
 */
class FailoverContract extends PoolContract {
    private static final Script LAST = (request, reply) -> reply.field("retry-after", "7")
            .field("request-id", "req_of_the_last")
            .json(529, Messages.error("overloaded_error", "the last"));

    private static final Script RESET = (request, reply) -> reply.reset();

    private static final Script REJECTED = (request, reply) -> reply.field("WWW-Authenticate", "Bearer realm=\"up\"")
            .json(401, Messages.error("authentication_error", "invalid x-api-key"));

    private static final Script FIRST_EVENT_IS_AN_ERROR =
            Script.events(Messages.event("error", Messages.error("overloaded_error", "no")));

    /** No answer that can be read. */
    enum Loss {
        RESET,
        CLOSE,
        GARBAGE,
        HALF_HEAD;

        void now(Reply reply) throws IOException {
            switch (this) {
                case RESET -> reply.reset();
                case CLOSE -> reply.closeNow();
                case GARBAGE -> {
                    reply.send("220 speaks another protocol\r\n\r\n");
                    reply.closeNow();
                }
                case HALF_HEAD -> {
                    reply.send("HTTP/1.1 200 OK\r\nContent-Ty");
                    reply.closeNow();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 402, 403, 429, 500, 502, 503, 529})
    void takesTheNextCredentialAfter(int status) throws Exception {
        next(error(status, "the first"));
        assertAnsweredByTheSecond(ask(many()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "7", "Fri, 31 Dec 2049 23:59:59 GMT", "soon"})
    void takesTheNextCredentialWhateverTheRetryAfter(String value) throws Exception {
        next((request, reply) -> reply.field("retry-after", value).json(429, Messages.error("rate_limit_error", "no")));
        assertAnsweredByTheSecond(ask(many()));
    }

    @ParameterizedTest
    @EnumSource(Loss.class)
    void takesTheNextCredentialWhereNoAnswerBegins(Loss loss) throws Exception {
        next((request, reply) -> loss.now(reply));
        assertAnsweredByTheSecond(ask(many()));
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 413, 422, 504})
    void passesAnyOtherStatusOn(int status) throws Exception {
        next(error(status, "yours"));
        assertText(status, ask(many())).isEqualTo(Messages.error("api_error", "yours"));
        assertThat(upstream.requests()).hasSize(1);
    }

    @Test
    void sendsALargeBodyWholeAfterAnAnswerThatCameBeforeItsEnd() throws Exception {
        String large = "{\"model\":\"claude-x\",\"messages\":[\"" + "x".repeat(3_000_000) + "\"]}";
        next(Script.atHead(
                (request, reply) -> reply.field("Connection", "close").json(529, "{}")));
        var pool = many();
        assertThat(send(pool, authenticated(pool, "POST", "/v1/messages").json(large))
                        .text())
                .isEqualTo(FINE);
        var sent = upstream.requests();
        assertThat(sent).hasSize(2);
        assertThat(sent.get(1).text()).isEqualTo(large);
    }

    @Test
    void sendsARequestWithoutBodyAgain() throws Exception {
        next(error(529, "busy"));
        var pool = many();
        assertThat(send(pool, authenticated(pool, "GET", "/v1/models?limit=3")).text())
                .isEqualTo(FINE);
        assertThat(sentWith()).doesNotHaveDuplicates().hasSize(2);
        assertThat(upstream.requests()).allMatch(sent -> sent.target().equals("/v1/models?limit=3"));
    }

    @ParameterizedTest
    @CsvSource({
        "'', overloaded_error",
        "': comment\n\n', overloaded_error",
        "'\uFEFF', rate_limit_error",
        "'event: ping\n\n', api_error"
    })
    void takesTheNextCredentialWhereAStreamBeginsWithAnError(String before, String type) throws Exception {
        byte[] stream = utf8(before + Messages.event("error", Messages.error(type, "no")));
        next(
                (request, reply) -> {
                    reply.eventStream();
                    reply.dribbleChunks(stream);
                    reply.lastChunk();
                },
                (request, reply) -> reply.messageStream("fine"));
        assertThat(ask(many()).text()).isEqualTo(String.join("", Messages.stream("fine")));
        assertThat(sentWith()).doesNotHaveDuplicates().hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"invalid_request_error", "not_found_error", "request_too_large"})
    void passesAStreamOnThatBeginsWithAnErrorInTheRequest(String type) throws Exception {
        String stream = Messages.event("error", Messages.error(type, "yours"));
        next(Script.events(stream));
        assertThat(ask(many()).text()).isEqualTo(stream);
        assertThat(upstream.requests()).hasSize(1);
    }

    @Test
    void passesAStreamOnUnchangedAsSoonAsItsFirstEventIsFine() throws Exception {
        var read = latch();
        next(Script.events(
                ": hello\r\n\r\n" + Messages.start(),
                read,
                Messages.event("error", Messages.error("overloaded_error", "too late"))));
        var pool = many();
        try (var client = connect(pool)) {
            var head = client.send(question(pool)).readHead();
            String begin = ": hello\r\n\r\n" + Messages.start();
            var first = client.readSome(begin.length());
            read.countDown();
            var answer = client.readBody(head).after(first);
            assertThat(answer.text())
                    .isEqualTo(begin + Messages.event("error", Messages.error("overloaded_error", "too late")));
        }
        assertThat(upstream.requests()).hasSize(1);
    }

    @Test
    void sendsNothingAgainOnceAStreamHasBegun() throws Exception {
        var read = latch();
        next((request, reply) -> {
            reply.eventStream();
            reply.chunk(Messages.start());
            reply.await(read);
            reply.reset();
        });
        var pool = many();
        try (var client = connect(pool)) {
            var head = client.send(question(pool)).readHead();
            var first = client.readSome(Messages.start().length());
            read.countDown();
            var answer = client.readBody(head).after(first);
            assertThat(answer.text()).startsWith(Messages.start()).containsOnlyOnce("event: error");
        }
        assertThat(upstream.requests()).hasSize(1);
    }

    @Test
    void passesAnAnswerOnAsItIsThatIsTooLargeToKeepBack() throws Exception {
        String large = "x".repeat(200_000);
        next(json(529, large));
        assertText(529, ask(many())).isEqualTo(large);
        assertThat(upstream.requests()).hasSize(1);
    }

    private Container many() throws Exception {
        return pool("many", several(48).with("stream.keepAlive", "0s"));
    }

    private void assertAnsweredByTheSecond(RawResponse answer) throws Exception {
        assertText(200, answer).isEqualTo(FINE);
        var sent = upstream.requests();
        assertThat(sentWith()).doesNotHaveDuplicates().hasSize(2);
        assertThat(sent).allMatch(each -> each.text().equals(QUESTION));
        assertThat(withoutKey(sent.get(1).rawHead()))
                .isEqualTo(withoutKey(sent.get(0).rawHead()));
        assertThat(line(answer)).contains("credential=" + sentWith().get(1) + "/api-key status=200");
    }

    private static String withoutKey(String head) {
        return head.replaceAll("pool\\d+", "pool");
    }

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
        Refusal.check(ask(shared(2)), 502);
        assertThat(sentWith()).containsExactly("c0", "c1");
    }

    @Test
    void namesTheCredentialThatWasRejectedLastAndThenAllOfThem() throws Exception {
        log.clear();
        next(REJECTED, REJECTED);
        // Of its own: a credential that another test has had checked is not checked again for a minute.
        var pool = pool("rejected", 2);
        var answer = ask(pool);
        assertThat(Refusal.check(answer, 502)).contains("\"c1\"");
        assertNoLogin(answer);
        upstream.credentialChecks(REJECTED);
        for (String credential : List.of("c0", "c1")) {
            next(REJECTED);
            assertNoLogin(relay(pool, "POST /anthropic/v1/messages"));
            log.await("dev.warder", line -> line.contains(credential + ": benched"), SOON);
        }
        upstream.credentialsAreValid().clear();
        var benched = ask(pool);
        assertThat(Refusal.check(benched, 502)).contains("\"c0\"", "\"c1\"");
        assertNoLogin(benched);
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void says429WithTheShortestWaitWhenAllAreLimited() throws Exception {
        next(limited("40"), limited("30"));
        var pool = shared(2);
        assertThat(assertStatus(429, ask(pool)).fields().values("retry-after")).containsExactly("30");
        upstream.clear();
        var refused = ask(pool);
        Refusal.check(refused, 429);
        assertThat(retryAfter(refused)).isBetween(11, 30);
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void says503WithTheShortestWaitWhenTheReasonsDiffer() throws Exception {
        var pool = shared(2);
        next(error(402, "pay"));
        assertThat(ask(pool).text()).isEqualTo(FINE);
        next(limited("30"));
        assertStatus(429, ask(pool));
        upstream.clear();
        var refused = ask(pool);
        Refusal.check(refused, 503);
        assertThat(retryAfter(refused)).isBetween(11, 30);
        assertThat(upstream.requests()).isEmpty();
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
        assertThat(upstream.requests()).hasSize(9);
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 429, 529})
    void neverReplacesACredentialOfTheClients(int status) throws Exception {
        next(error(status, "yours"));
        var pool = shared(2);
        assertText(status, send(pool, question(pool).bearer(OWN_OAUTH)))
                .isEqualTo(Messages.error("api_error", "yours"));
        assertThat(upstream.requests()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST /v1/files", "POST /anthropic/v1/messages", "GET /anthropic/v1/models"})
    void sendsNothingAgainThatIsRelayed(String endpoint) throws Exception {
        next(error(529, "busy"));
        var pool = pool("relayed", 12);
        assertStatus(529, relay(pool, endpoint));
        assertThat(upstream.requests()).hasSize(1);
        next(REJECTED);
        assertNoLogin(relay(pool, endpoint));
        assertThat(upstream.requests()).hasSize(2);
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
                pause(50);
                reply.content(new byte[1]);
            }
        });
        var drain = folder.resolve("drain");
        var pool =
                pool("draining", several(2).with("drain.file", drain.toString()).with("timeouts.drain", "1s"));
        try (var client = connect(pool)) {
            client.send(question(pool));
            var sent = upstream.take();
            sent.written().awaitAtLeast(100, SOON);
            Files.createFile(drain);
            Refusal.check(client.readResponse(), 503);
            sent.awaitPeerClosed(SOON);
        }
        assertThat(sentWith()).containsExactly("c0");
    }

    private static RawResponse relay(Container pool, String endpoint) throws Exception {
        var words = endpoint.split(" ");
        var request = authenticated(pool, words[0], words[1]);
        return send(pool, words[0].equals("POST") ? request.json(QUESTION) : request);
    }

    private static Script limited(String seconds) {
        return (request, reply) ->
                reply.field("retry-after", seconds).json(429, Messages.error("rate_limit_error", "enough"));
    }

    private void assertLast(RawResponse answer, String credential) throws Exception {
        assertText(529, answer).isEqualTo(Messages.error("overloaded_error", "the last"));
        assertFields(answer.fields(), "retry-after", "7", "request-id", "req_of_the_last");
        assertThat(line(answer)).contains("credential=" + credential + "/api-key status=529");
    }

    private static void assertNoLogin(RawResponse answer) {
        Refusal.check(answer, 502);
        assertThat(answer.fields().values("x-should-retry")).containsExactly("false");
        assertThat(answer.fields().has("WWW-Authenticate")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 402, 403, 429, 500, 502, 503, 529})
    void tellsTheNextOnesAnswerAfter(int status) throws Exception {
        assertTranslatesTheSecond(error(status, "the first"));
    }

    @Test
    void tellsTheNextOnesAnswerWhereAStreamBeginsWithAnError() throws Exception {
        var pool = translating();
        next(FIRST_EVENT_IS_AN_ERROR, (request, reply) -> reply.messageStream("fine", " indeed"));
        assertStreamed(send(pool, chat(pool, Completions.STREAM)), "fine indeed");
        assertSentTwice();
    }

    @Test
    void tellsAStreamAsItComesWhileAnotherCouldTakeOver() throws Exception {
        var read = latch();
        next(Script.events(
                Messages.start() + Messages.delta("half"),
                read,
                Messages.event("error", Messages.error("overloaded_error", "too late"))));
        var pool = translating();
        try (var client = connect(pool)) {
            var head = client.send(chat(pool, Completions.STREAM)).readHead();
            assertThat(client.readEvent().orElseThrow().data()).contains("\"role\"");
            assertThat(client.readEvent().orElseThrow().data()).contains("half");
            read.countDown();
            Completions.brokenOff(client.readBody(head).text(), "", "overloaded");
        }
        assertThat(upstream.requests()).hasSize(1);
    }

    @Test
    void tellsTheLastRealAnswerWhenAllFail() throws Exception {
        Script last = (request, reply) -> reply.field("retry-after", "7")
                .field("request-id", "req_last")
                .field("anthropic-ratelimit-requests-remaining", "0")
                .json(429, Messages.error("rate_limit_error", "the last"));
        for (String asked : List.of(Completions.WHOLE, Completions.STREAM)) {
            // Each in a pool of its own, where no credential is on the bench.
            var pool = pool("last-" + asked.length(), two());
            next(error(500, "the first"), last);
            var answer = send(pool, chat(pool, asked));
            assertThat(Completions.refused(answer, 429, "requests", "rate_limit_exceeded"))
                    .isEqualTo("the last");
            assertFields(answer.fields(), "retry-after", "7", "x-request-id", "req_last");
            assertThat(answer.fields().values("x-ratelimit-remaining-requests")).containsExactly("0");
            assertThat(line(answer)).contains("credential=c1/api-key", "status=429", "end=ok");
            assertSentTwice();
            upstream.clear();
        }
    }

    @Test
    void tellsInAFrameWhereTheLastStreamBeganWithAnErrorToo() throws Exception {
        var pool = shared(two());
        next(FIRST_EVENT_IS_AN_ERROR, FIRST_EVENT_IS_AN_ERROR);
        Completions.brokenOff(ok(pool, chat(pool, Completions.STREAM)).text(), "", "overloaded");
        assertSentTwice();
    }

    @Test
    void listsTheModelsWithTheNextCredentialByOneRequestEach() throws Exception {
        var pool = translating();
        next(
                error(529, "busy"),
                json(200, "{\"data\":[{\"id\":\"claude-a\"}],\"has_more\":true,\"last_id\":\"claude-a\"}"));
        var request = request(pool, "GET", "/openai/v1/models").bearer(ACCESS_TOKEN);
        assertThat(send(pool, request).text()).contains("claude-a");
        assertThat(sentWith()).hasSize(2).doesNotHaveDuplicates();
    }

    /** The operator's prompt and all: the translation is made once. */
    private void assertTranslatesTheSecond(Script first) throws Exception {
        var pool = translating();
        next(first, json(200, Messages.message("fine")));
        assertThat(Completions.text(send(pool, chat(pool, Completions.WHOLE)))).isEqualTo("fine");
        assertSentTwice();
        upstream.clear();
        next(first, (request, reply) -> reply.messageStream("fi", "ne"));
        assertStreamed(send(pool, chat(pool, Completions.STREAM)), "fine");
        assertSentTwice();
    }

    private static void assertStreamed(RawResponse answer, String text) {
        assertStatus(200, answer);
        assertThat(Completions.streamedText(answer.text())).isEqualTo(text);
        assertThat(answer.text()).endsWith(Completions.DONE).doesNotContain("error");
    }

    private void assertSentTwice() {
        assertThat(sentWith()).doesNotHaveDuplicates().hasSize(2);
        var sent = upstream.requests();
        assertThat(sent).allMatch(each -> each.target().equals("/v1/messages"));
        assertThat(sent.get(0).text()).contains("\"model\":\"" + Completions.MODEL + "\"", "House style.");
        assertThat(sent.get(1).text()).isEqualTo(sent.get(0).text());
    }

    private Container translating() throws Exception {
        return pool(
                "translating",
                several(96)
                        .with("stream.keepAlive", "0s")
                        .with("openai.models", Completions.ALIASES)
                        .with("prompt.text", "House style."));
    }

    private Deployment two() {
        return several(2).with("openai.models", Completions.ALIASES).with("prompt.text", "House style.");
    }

    private static RawRequest chat(Container pool, String json) {
        return request(pool, "POST", Completions.PATH).bearer(ACCESS_TOKEN).json(json);
    }
}
