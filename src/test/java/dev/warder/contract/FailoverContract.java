package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.Reply;
import dev.warder.testkit.Script;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When another managed credential takes over: whichever is in front fails, and the next one answers. */
class FailoverContract extends PoolContract {
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
        var answer = ask(many());
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.text()).isEqualTo(Messages.error("api_error", "yours"));
        assertThat(ground.upstream().requests()).hasSize(1);
    }

    @Test
    void sendsALargeBodyWholeAfterAnAnswerThatCameBeforeItsEnd() throws Exception {
        String large = "{\"model\":\"claude-x\",\"messages\":[\"" + "x".repeat(3_000_000) + "\"]}";
        next(Script.atHead(
                (request, reply) -> reply.field("Connection", "close").json(529, "{}")));
        var pool = many();
        var answer =
                Ground.send(pool, authenticated(pool, "POST", "/v1/messages").json(large));
        assertThat(answer.text()).isEqualTo(FINE);
        var sent = ground.upstream().requests();
        assertThat(sent).hasSize(2);
        assertThat(sent.get(1).text()).isEqualTo(large);
    }

    @Test
    void sendsARequestWithoutBodyAgain() throws Exception {
        next(error(529, "busy"));
        var pool = many();
        var answer = Ground.send(pool, authenticated(pool, "GET", "/v1/models?limit=3"));
        assertThat(answer.text()).isEqualTo(FINE);
        assertThat(sentWith()).doesNotHaveDuplicates().hasSize(2);
        assertThat(ground.upstream().requests()).allMatch(sent -> sent.target().equals("/v1/models?limit=3"));
    }

    @ParameterizedTest
    @CsvSource({
        "'', overloaded_error",
        "': comment\n\n', overloaded_error",
        "'\uFEFF', rate_limit_error",
        "'event: ping\n\n', api_error"
    })
    void takesTheNextCredentialWhereAStreamBeginsWithAnError(String before, String type) throws Exception {
        byte[] stream = (before + Messages.event("error", Messages.error(type, "no"))).getBytes(StandardCharsets.UTF_8);
        next(
                (request, reply) -> {
                    reply.eventStream();
                    reply.dribbleChunks(stream);
                    reply.lastChunk();
                },
                (request, reply) -> reply.messageStream("fine"));
        var answer = ask(many());
        assertThat(answer.text()).isEqualTo(String.join("", Messages.stream("fine")));
        assertThat(sentWith()).doesNotHaveDuplicates().hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"invalid_request_error", "not_found_error", "request_too_large"})
    void passesAStreamOnThatBeginsWithAnErrorInTheRequest(String type) throws Exception {
        String stream = Messages.event("error", Messages.error(type, "yours"));
        next(Script.events(stream));
        assertThat(ask(many()).text()).isEqualTo(stream);
        assertThat(ground.upstream().requests()).hasSize(1);
    }

    @Test
    void passesAStreamOnUnchangedAsSoonAsItsFirstEventIsFine() throws Exception {
        var read = new CountDownLatch(1);
        next(Script.events(
                ": hello\r\n\r\n" + Messages.start(),
                read,
                Messages.event("error", Messages.error("overloaded_error", "too late"))));
        var pool = many();
        try (var client = RawClient.connect(pool.baseUri())) {
            var head = client.send(question(pool)).readHead();
            String begin = ": hello\r\n\r\n" + Messages.start();
            var first = client.readSome(begin.length());
            read.countDown();
            var answer = client.readBody(head).after(first);
            assertThat(answer.text())
                    .isEqualTo(begin + Messages.event("error", Messages.error("overloaded_error", "too late")));
        }
        assertThat(ground.upstream().requests()).hasSize(1);
    }

    @Test
    void sendsNothingAgainOnceAStreamHasBegun() throws Exception {
        var read = new CountDownLatch(1);
        next((request, reply) -> {
            reply.eventStream();
            reply.chunk(Messages.start());
            reply.await(read);
            reply.reset();
        });
        var pool = many();
        try (var client = RawClient.connect(pool.baseUri())) {
            var head = client.send(question(pool)).readHead();
            var first = client.readSome(Messages.start().length());
            read.countDown();
            var answer = client.readBody(head).after(first);
            assertThat(answer.text()).startsWith(Messages.start()).containsOnlyOnce("event: error");
        }
        assertThat(ground.upstream().requests()).hasSize(1);
    }

    @Test
    void passesAnAnswerOnAsItIsThatIsTooLargeToKeepBack() throws Exception {
        String large = "x".repeat(200_000);
        next((request, reply) -> reply.json(529, large));
        var answer = ask(many());
        assertThat(answer.status()).isEqualTo(529);
        assertThat(answer.text()).isEqualTo(large);
        assertThat(ground.upstream().requests()).hasSize(1);
    }

    private Container many() throws Exception {
        return pool("many", several(48).with("stream.keepAlive", "0s"));
    }

    private void assertAnsweredByTheSecond(RawResponse answer) throws Exception {
        assertThat(answer.status()).as("%s", answer).isEqualTo(200);
        assertThat(answer.text()).isEqualTo(FINE);
        var sent = ground.upstream().requests();
        assertThat(sentWith()).doesNotHaveDuplicates().hasSize(2);
        assertThat(sent).allMatch(each -> each.text().equals(QUESTION));
        assertThat(withoutKey(sent.get(1).rawHead()))
                .isEqualTo(withoutKey(sent.get(0).rawHead()));
        assertThat(accessLine(answer)).contains("credential=" + sentWith().get(1) + "/api-key status=200");
    }

    private static String withoutKey(String head) {
        return head.replaceAll("pool\\d+", "pool");
    }
}
