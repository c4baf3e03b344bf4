package dev.warder.contract;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Messages;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.Script;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lengths that lie, chunks that break, and several requests in one packet. */
@OnEachContainer
class FramingContract extends SharedContract {
    private static final String BODY = "{\"model\":\"claude-x\"}";

    @ParameterizedTest
    @ValueSource(strings = {"FIN", "RST"})
    void sendsNothingOfABodyThatEndsEarly(String how) throws Exception {
        for (var framing : new String[] {"Content-Length: 100", "Transfer-Encoding: chunked"}) {
            try (var client = connect(gateway())) {
                var head = post("/v1/messages").head();
                client.send(head.substring(0, head.length() - 2) + framing + "\r\n\r\n");
                client.send(framing.startsWith("T") ? "14\r\n" + BODY + "\r\n" : BODY);
                eventually(() -> openExchanges() == 1);
                if (how.equals("RST")) {
                    client.reset();
                } else {
                    client.finishSending();
                    endsWithoutSuccess(client);
                }
            }
            idle();
            assertThat(upstream.requests()).isEmpty();
        }
    }

    /** Where an answer still reaches a client that broke its own request, it is a refusal and never a 200. */
    private static void endsWithoutSuccess(RawClient client) throws IOException {
        try {
            var answer = assertStatus(400, client.readResponse());
            Refusal.showsNothingPresented(answer);
        } catch (EOFException | SocketException closed) {
            // An answer is not owed.
        }
    }

    /** The container refuses these before Warder sees them. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 20\r\nContent-Length: 5",
                "Content-Length: 20, 5",
                "Content-Length: -1",
                "Content-Length: +20",
                "Content-Length: 0x14",
                "Content-Length: 20x",
                "Content-Length: 99999999999999999999",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: xchunked",
                "Transfer-Encoding: chunked, gzip",
                "Transfer-Encoding : chunked",
                "Content-Length : 20",
                " Content-Length: 20",
                "Host: b"
            })
    void refusesFramingThatCanBeReadInTwoWays(String lines) throws Exception {
        var head = post("/v1/messages").head();
        var raw = head.substring(0, head.length() - 2) + lines + "\r\n\r\n" + BODY;
        try (var client = connect(gateway())) {
            client.send(raw);
            var answer = client.readResponse();
            assertThat(answer.status()).as("%s", answer).isBetween(400, 501);
            Refusal.showsNothingPresented(answer);
        }
        assertThat(upstream.requests()).isEmpty();
    }

    /**
     * Both at once: Jetty refuses; Tomcat takes the chunks, as RFC 9112 section 6.3 allows, hides the length from Warder and
     * closes, so that no second request can hide behind it. Never does the length go upstream.
     */
    @Test
    void neverBelievesALengthBesideChunks() throws Exception {
        for (var order : new String[] {"", "Content-Length: 3\r\n"}) {
            var head = post("/v1/messages").head();
            try (var client = connect(gateway())) {
                client.send(head.substring(0, head.length() - 2) + order + "Transfer-Encoding: chunked\r\n"
                        + (order.isEmpty() ? "Content-Length: 3\r\n" : "") + "\r\n14\r\n" + BODY + "\r\n0\r\n\r\n");
                var answer = client.readResponse();
                if (answer.status() == 200) {
                    assertThat(upstream.take().text()).isEqualTo(BODY);
                } else {
                    assertThat(answer.status()).isEqualTo(400);
                    assertThat(upstream.requests()).isEmpty();
                }
                assertThat(client.readTimeout(5000).closedByPeer()).isTrue();
            }
        }
    }

    @Test
    void refusesBrokenChunks() throws Exception {
        for (var chunks : new String[] {"zz\r\n{}\r\n0\r\n\r\n", "-1\r\n{}\r\n0\r\n\r\n", "2\r\n{}xx0\r\n\r\n"}) {
            try (var client = connect(gateway())) {
                client.send(post("/v1/messages")
                                .field("Transfer-Encoding", "chunked")
                                .head()
                        + chunks);
                endsWithoutSuccess(client);
            }
            assertThat(upstream.requests()).isEmpty();
            idle();
        }
    }

    @Test
    void answersPipelinedRequestsInTheirOrder() throws Exception {
        upstream.script((request, reply) -> reply.json(200, Messages.message(request.text())));
        var all = new StringBuilder();
        for (int i = 0; i < 6; i++) {
            all.append(US_ASCII.decode(ByteBuffer.wrap(pipelined(i).bytes())));
        }
        try (var client = connect(gateway()).send(all.toString())) {
            var kept = true;
            for (int i = 0; i < 6 && kept; i++) {
                var answer = client.readResponse();
                if (i == 4) {
                    Refusal.check(answer, 400);
                } else {
                    assertThat(answer.text()).contains("number-" + i);
                }
                kept = keepsConnection(answer);
            }
            assertThat(upstream.requests()).hasSize(kept ? 5 : 4);
        }
    }

    /** The next request is larger than a container's buffer, so that a part of it is still in the socket. */
    @ParameterizedTest
    @ValueSource(strings = {"/v1/files", "/v1/messages"})
    void answersALargeRequestThatFollowsAChunkedBodyAtOnce(String path) throws Exception {
        for (int i = 0; i < 5; i++) {
            try (var client = connect(gateway())) {
                client.send(concat(utf8(chunked(path) + "14\r\n" + BODY + "\r\n0\r\n\r\n"), large().bytes()));
                assertStatus(200, client.readResponse());
                assertStatus(200, client.readResponse());
            }
        }
    }

    /** The rest of the refused body and the next request come at once. */
    @Test
    void answersALargeRequestAfterTheRestOfARefusedChunkedBody() throws Exception {
        for (int i = 0; i < 5; i++) {
            upstream.next(Script.atHead(json(401, Messages.error("any", "early"))));
            try (var client = connect(gateway())) {
                client.send(chunked("/v1/files")).sendChunk(utf8(BODY));
                var refusal = client.readHead();
                assertThat(refusal.status()).isEqualTo(502);
                assertThat(client.readSome(10_000)).isNotEmpty();
                client.send(concat(utf8("14\r\n" + BODY + "\r\n0\r\n\r\n"), large().bytes()));
                assertThat(client.readBody(refusal).truncated()).isFalse();
                assertStatus(200, client.readResponse());
            }
        }
    }

    /** No exchange is started for them: the response and the rest of the body belong to no route. */
    @ParameterizedTest
    @ValueSource(strings = {"token", "path"})
    void answersALargeRequestAfterAChunkedBodyThatIsRefusedAtOnce(String why) throws Exception {
        var head = why.equals("token")
                ? RawRequest.of("POST", "/v1/files")
                        .field("Transfer-Encoding", "chunked")
                        .head()
                : chunked("/nothing/here");
        for (int i = 0; i < 5; i++) {
            try (var client = connect(gateway())) {
                client.send(concat(utf8(head + "14\r\n" + BODY + "\r\n0\r\n\r\n"), large().bytes()));
                assertThat(client.readResponse().status()).isEqualTo(why.equals("token") ? 401 : 404);
                assertStatus(200, client.readResponse());
            }
            try (var client = connect(gateway())) {
                client.send(head).sendChunk(utf8(BODY));
                assertThat(client.readResponse().status()).isEqualTo(why.equals("token") ? 401 : 404);
                client.send(concat(utf8("14\r\n" + BODY + "\r\n0\r\n\r\n"), large().bytes()));
                assertStatus(200, client.readResponse());
            }
        }
    }

    private static String chunked(String path) {
        return post(path).field("Transfer-Encoding", "chunked").head();
    }

    private static RawRequest large() {
        return post("/v1/files").body(new byte[200_000]);
    }

    private static byte[] concat(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .array();
    }

    private static RawRequest pipelined(int i) {
        return post("/v1/messages").json(i == 4 ? "{\"model\":nonsense}" : "{\"model\":\"number-" + i + "\"}");
    }

    private int openExchanges() throws Exception {
        return (int) gateway().gateway("OpenExchanges");
    }

    private void idle() throws Exception {
        Eventually.holds(BEFORE_TIMEOUTS, () -> openExchanges() == 0);
        assertThat(gateway().gateway("CollectedBytes")).isEqualTo(0L);
    }
}
