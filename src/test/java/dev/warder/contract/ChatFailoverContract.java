package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Deployment;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.Script;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Another managed credential takes over, and its answer alone is translated (rules "Failover before the first byte" and
 * "Time out of use").
 */
class ChatFailoverContract extends PoolContract {
    private static final Script FIRST_EVENT_IS_AN_ERROR =
            Script.events(Messages.event("error", Messages.error("overloaded_error", "no")));

    @ParameterizedTest
    @ValueSource(ints = {401, 402, 403, 429, 500, 502, 503, 529})
    void tellsTheNextOnesAnswerAfter(int status) throws Exception {
        assertAnsweredByTheSecond(error(status, "the first"));
    }

    @Test
    void tellsTheNextOnesAnswerWhereAStreamBeginsWithAnError() throws Exception {
        var pool = many();
        next(FIRST_EVENT_IS_AN_ERROR, (request, reply) -> reply.messageStream("fine", " indeed"));
        assertStreamed(Ground.send(pool, chat(pool, Completions.STREAM)), "fine indeed");
        assertSentTwice();
    }

    @Test
    void tellsAStreamAsItComesWhileAnotherCouldTakeOver() throws Exception {
        var read = new CountDownLatch(1);
        next(Script.events(
                Messages.start() + Messages.delta("half"),
                read,
                Messages.event("error", Messages.error("overloaded_error", "too late"))));
        var pool = many();
        try (var client = RawClient.connect(pool.baseUri())) {
            var head = client.send(chat(pool, Completions.STREAM)).readHead();
            assertThat(client.readEvent().orElseThrow().data()).contains("\"role\"");
            assertThat(client.readEvent().orElseThrow().data()).contains("half");
            read.countDown();
            Completions.brokenOff(client.readBody(head).text(), "", "overloaded");
        }
        assertThat(ground.upstream().requests()).hasSize(1);
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
            var answer = Ground.send(pool, chat(pool, asked));
            assertThat(Completions.refused(answer, 429, "requests", "rate_limit_exceeded"))
                    .isEqualTo("the last");
            assertThat(answer.fields().values("retry-after")).containsExactly("7");
            assertThat(answer.fields().values("x-request-id")).containsExactly("req_last");
            assertThat(answer.fields().values("x-ratelimit-remaining-requests")).containsExactly("0");
            assertThat(accessLine(answer)).contains("credential=c1/api-key", "status=429", "end=ok");
            assertSentTwice();
            ground.upstream().clear();
        }
    }

    @Test
    void tellsInAFrameWhereTheLastStreamBeganWithAnErrorToo() throws Exception {
        var pool = shared(two());
        next(FIRST_EVENT_IS_AN_ERROR, FIRST_EVENT_IS_AN_ERROR);
        var answer = ok(pool, chat(pool, Completions.STREAM));
        Completions.brokenOff(answer.text(), "", "overloaded");
        assertSentTwice();
    }

    @Test
    void listsTheModelsWithTheNextCredentialByOneRequestEach() throws Exception {
        var pool = many();
        next(
                error(529, "busy"),
                (request, reply) -> reply.json(
                        200, "{\"data\":[{\"id\":\"claude-a\"}],\"has_more\":true,\"last_id\":\"claude-a\"}"));
        var request = Ground.request(pool, "GET", "/openai/v1/models")
                .field("Authorization", "Bearer " + Contract.ACCESS_TOKEN);
        assertThat(Ground.send(pool, request).text()).contains("claude-a");
        assertThat(sentWith()).hasSize(2).doesNotHaveDuplicates();
    }

    /** The operator's prompt and all: the translation is made once. */
    private void assertAnsweredByTheSecond(Script first) throws Exception {
        var pool = many();
        next(first, (request, reply) -> reply.json(200, Messages.message("fine")));
        assertThat(Completions.text(Ground.send(pool, chat(pool, Completions.WHOLE))))
                .isEqualTo("fine");
        assertSentTwice();
        ground.upstream().clear();
        next(first, (request, reply) -> reply.messageStream("fi", "ne"));
        assertStreamed(Ground.send(pool, chat(pool, Completions.STREAM)), "fine");
        assertSentTwice();
    }

    private static void assertStreamed(RawResponse answer, String text) {
        assertThat(answer.status()).as("%s", answer).isEqualTo(200);
        assertThat(Completions.streamedText(answer.text())).isEqualTo(text);
        assertThat(answer.text()).endsWith(Completions.DONE).doesNotContain("error");
    }

    private void assertSentTwice() {
        assertThat(sentWith()).doesNotHaveDuplicates().hasSize(2);
        var sent = ground.upstream().requests();
        assertThat(sent).allMatch(each -> each.target().equals("/v1/messages"));
        assertThat(sent.get(0).text()).contains("\"model\":\"" + Completions.MODEL + "\"", "House style.");
        assertThat(sent.get(1).text()).isEqualTo(sent.get(0).text());
    }

    private Container many() throws Exception {
        return pool(
                "many",
                several(96)
                        .with("stream.keepAlive", "0s")
                        .with("openai.models", Completions.ALIASES)
                        .with("prompt.text", "House style."));
    }

    private Deployment two() {
        return several(2).with("openai.models", Completions.ALIASES).with("prompt.text", "House style.");
    }

    private static RawRequest chat(Container pool, String json) {
        return Ground.request(pool, "POST", Completions.PATH)
                .field("Authorization", "Bearer " + Contract.ACCESS_TOKEN)
                .json(json);
    }
}
