package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.Reply;
import dev.warder.testkit.Script;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A whole response begins for the client with its first body byte or its end, not with its head (rule "First body
 * byte").
 */
class FirstByteContract extends PoolContract {
    private static final String HEAD = "HTTP/1.1 %d Fine\r\nContent-Type: application/json\r\n%s\r\n\r\n";

    /** How a response ends between its head and its body. */
    enum Death {
        RESET("Content-Length: 100", 502),
        FIN("Content-Length: 100", 502),
        CHUNKED_RESET("Transfer-Encoding: chunked", 502),
        CHUNKED_FIN("Transfer-Encoding: chunked", 502),
        SILENCE("Content-Length: 100", 504);

        private final String framing;
        private final int status;

        Death(String framing, int status) {
            this.framing = framing;
            this.status = status;
        }

        void after(Reply reply, int answered) throws Exception {
            reply.send(HEAD.formatted(answered, framing));
            switch (this) {
                case RESET, CHUNKED_RESET -> reply.reset();
                case FIN, CHUNKED_FIN -> reply.closeNow();
                case SILENCE -> reply.await(new CountDownLatch(1));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Death.class)
    void refusesWithACredentialOfTheClients(Death death) throws Exception {
        assertRefused(death, pool(1), pool -> question(pool).field("Authorization", "Bearer " + Contract.OWN_OAUTH));
    }

    @ParameterizedTest
    @EnumSource(Death.class)
    void refusesWhereNoOtherCredentialMayTry(Death death) throws Exception {
        assertRefused(death, pool(1), PoolContract::question);
    }

    @ParameterizedTest
    @EnumSource(Death.class)
    void refusesOnTheRawRoute(Death death) throws Exception {
        assertRefused(death, pool(48), pool -> authenticated(pool, "POST", "/anthropic/v1/messages")
                .json(QUESTION));
    }

    @ParameterizedTest
    @EnumSource(Death.class)
    void takesTheNextCredential(Death death) throws Exception {
        next((request, reply) -> death.after(reply, 200));
        assertThat(ask(pool(48)).text()).isEqualTo(FINE);
        assertThat(sentWith()).hasSize(2).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource(Death.class)
    void takesTheNextCredentialWithoutABody(Death death) throws Exception {
        next((request, reply) -> death.after(reply, 200));
        var pool = pool(48);
        assertThat(Ground.send(pool, authenticated(pool, "GET", "/v1/models")).text())
                .isEqualTo(FINE);
        assertThat(ground.upstream().requests()).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(Death.class)
    void refusesAnErrorToo(Death death) throws Exception {
        next((request, reply) -> death.after(reply, 404));
        Refusal.check(ask(pool(1)), death.status, death.status == 504 ? "timeout_error" : "api_error");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 0", "Transfer-Encoding: chunked", "X-End: close"})
    void passesAnEmptyResponseOn(String framing) throws Exception {
        next((request, reply) -> {
            reply.send(HEAD.formatted(200, framing));
            if (framing.contains("chunked")) {
                reply.lastChunk();
            } else if (framing.contains("close")) {
                reply.closeNow();
            }
        });
        var response = ask(pool(48));
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.text()).isEmpty();
        assertThat(response.truncated()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 304})
    void passesAResponseWithoutABodyOnAtItsHead(int status) throws Exception {
        next((request, reply) -> reply.send("HTTP/1.1 " + status + " Fine\r\nETag: \"a\"\r\n\r\n"));
        assertThat(ask(pool(1)).status()).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void passesTheResponseToAHeadRequestOnAtItsHead(boolean own) throws Exception {
        next((request, reply) -> reply.send(HEAD.formatted(200, "Content-Length: 100")));
        var pool = pool(1);
        var request = authenticated(pool, "HEAD", "/v1/models");
        var response = ok(pool, own ? request.field("Authorization", "Bearer " + Contract.OWN_OAUTH) : request);
        assertThat(response.fields().values("Content-Length")).containsExactly("100");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void passesTheFirstByteOnAtOnce(boolean own) throws Exception {
        var read = new CountDownLatch(1);
        next((request, reply) -> {
            reply.length(2);
            reply.content("{".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            reply.await(read);
            reply.content("}".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        });
        var pool = pool(48);
        var request = own ? question(pool).field("Authorization", "Bearer " + Contract.OWN_OAUTH) : question(pool);
        try (var client = RawClient.connect(pool.baseUri())) {
            var head = client.send(request).readHead();
            var first = client.readSome(1);
            read.countDown();
            assertThat(client.readBody(head).after(first).text()).isEqualTo("{}");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void passesTheHeadOfAStreamOnAtOnce(boolean own) throws Exception {
        var read = new CountDownLatch(1);
        next((request, reply) -> {
            reply.eventStream();
            reply.await(read);
            for (var event : Messages.stream("late")) {
                reply.chunk(event);
            }
            reply.lastChunk();
        });
        var pool = pool(1);
        var request = own ? question(pool).field("Authorization", "Bearer " + Contract.OWN_OAUTH) : question(pool);
        try (var client = RawClient.connect(pool.baseUri())) {
            var head = client.send(request).readHead();
            assertThat(head.status()).isEqualTo(200);
            read.countDown();
            assertThat(client.readBody(head).text()).isEqualTo(String.join("", Messages.stream("late")));
        }
    }

    /** From the head on {@code timeouts.idle} counts: it is longer than the time for the first byte here. */
    @Test
    void waitsForTheFirstByteByTheTimeForSilence() throws Exception {
        var head = new CountDownLatch(1);
        next((request, reply) -> {
            reply.length(2);
            head.countDown();
            Thread.onSpinWait();
            reply.await(new CountDownLatch(1));
        });
        var pool = pool("slow", several(1).with("timeouts.firstByte", "300ms").with("timeouts.idle", "3s"));
        long began = System.nanoTime();
        Refusal.check(ask(pool), 504, "timeout_error");
        assertThat(java.time.Duration.ofNanos(System.nanoTime() - began))
                .isGreaterThan(java.time.Duration.ofSeconds(2));
    }

    private void assertRefused(Death death, Container pool, Function<Container, RawRequest> request) throws Exception {
        Script dying = (asked, reply) -> death.after(reply, 200);
        next(dying);
        RawResponse response = Ground.send(pool, request.apply(pool));
        Refusal.check(response, death.status, death.status == 504 ? "timeout_error" : "api_error");
        assertThat(accessLine(response)).contains("end=" + (death.status == 504 ? "timeout" : "upstream-lost"));
        assertThat(ground.upstream().requests()).hasSize(1);
    }

    private Container pool(int keys) throws Exception {
        return pool("of-" + keys, several(keys).with("timeouts.idle", "1s").with("stream.keepAlive", "0s"));
    }
}
