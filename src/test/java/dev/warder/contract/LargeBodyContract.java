package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.RawClient;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Bodies too large to read, told by their length or found out, and clients that wait for 100 before they send one. */
@OnEachContainer
class LargeBodyContract extends SharedContract {
    private static final int FORTY_MB = 40 << 20;
    private static final String BODY = "{\"model\":\"claude-x\"}";

    @Test
    void refusesFortyMegabytesBeforeReadingThem() throws Exception {
        try (var client = connect(gateway())) {
            client.send(post("/v1/messages")
                    .field("Content-Length", Integer.toString(FORTY_MB))
                    .head());
            Refusal.check(client.readResponse(), 413);
        }
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void refusesFortyMegabytesInChunks() throws Exception {
        Thread sender;
        try (var client = connect(gateway())) {
            client.send(
                    post("/v1/messages").field("Transfer-Encoding", "chunked").head());
            client.sendChunk(utf8("{\"a\":\""));
            sender = sender(client);
            Refusal.check(client.readResponse(), 413);
        }
        sender.join();
        assertThat(upstream.requests()).isEmpty();
        Eventually.holds(
                BEFORE_TIMEOUTS, () -> gateway().gateway("OpenExchanges").equals(0));
        assertThat(gateway().gateway("CollectedBytes")).isEqualTo(0L);
    }

    /** A client may write its body whole before it reads: it still finds the answer, and the connection in order. */
    @Test
    void letsABodyBeWrittenWholeBeforeItRefuses() throws Exception {
        var gateway = gateway("limits.body", "1m");
        try (var client = connect(gateway)) {
            client.send(
                    post("/v1/messages").field("Transfer-Encoding", "chunked").head());
            for (int i = 0; i < 30; i++) {
                client.sendChunk(utf8(" ".repeat(1 << 16)));
            }
            client.sendChunk(new byte[0]);
            Refusal.check(client.readResponse(), 413);
        }
        assertThat(upstream.requests()).isEmpty();
    }

    /** Sends until the gateway takes no more. */
    private static Thread sender(RawClient client) {
        var piece = utf8("x".repeat(1 << 20));
        var sender = new Thread(() -> {
            try {
                for (int sent = 0; sent < FORTY_MB; sent += piece.length) {
                    client.sendChunk(piece);
                }
                client.sendChunk(utf8("\"}")).sendChunk(new byte[0]);
            } catch (IOException refused) {
                // The container closed the connection behind its answer.
            }
        });
        sender.start();
        return sender;
    }

    @Test
    void asksForABodyThatWaitsForIt() throws Exception {
        try (var client = connect(gateway())) {
            client.send(post("/v1/messages")
                    .field("Expect", "100-continue")
                    .field("Content-Length", Integer.toString(BODY.length()))
                    .head());
            assertThat(client.readInterimOrHead().status()).isEqualTo(100);
            assertStatus(200, client.send(BODY).readResponse());
        }
        var sent = upstream.take();
        assertThat(sent.text()).isEqualTo(BODY);
        assertThat(sent.fields().has("Expect")).isFalse();
    }

    /** Whether or not the container has asked for it: a client may well go on without being asked. */
    @Test
    void answersAClientThatSendsAfterItWasRefused() throws Exception {
        try (var client = connect(gateway())) {
            client.send(post("/v1/messages")
                    .field("Expect", "100-continue")
                    .field("Content-Length", Integer.toString(FORTY_MB))
                    .head());
            var piece = new byte[1 << 20];
            for (int sent = 0; sent < FORTY_MB; sent += piece.length) {
                client.send(piece);
            }
            Refusal.check(client.readResponse(), 413);
        }
    }

    @Test
    void refusesABodyThatWaitsWithoutAskingForIt() throws Exception {
        try (var client = connect(gateway())) {
            client.send(post("/v1/messages")
                    .field("Expect", "100-continue")
                    .field("Content-Length", Integer.toString(FORTY_MB))
                    .head());
            // Tomcat sends 100 by itself before the application is called, Jetty when the body is first read.
            Refusal.check(client.readResponse(), 413);
        }
    }
}
