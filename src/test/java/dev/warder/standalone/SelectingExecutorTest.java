package dev.warder.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that go on after an answer of another thread, seen through {@link WebServer}. */
class SelectingExecutorTest {
    private OneServlet server;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        server = OneServlet.start(folder, LaterServlet.class);
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    @Test
    void servesOneRequestAfterTheOtherOnAConnection() throws Exception {
        try (var client = server.client()) {
            for (int i = 0; i < 100; i++) {
                client.send(i % 2 == 0 ? get(i) : post(i, i));
                assertAnswered(client, i, i % 2 == 0 ? 0 : i);
            }
        }
    }

    @Test
    void servesRequestsInOnePacketInTheirOrder() throws Exception {
        try (var client = server.client()) {
            client.send(several(60));
            for (int i = 0; i < 60; i++) {
                assertAnswered(client, i, i % 2 == 0 ? 0 : i * 10);
            }
        }
    }

    /** A request is there in part when the answer before it ends. */
    @ParameterizedTest
    @ValueSource(ints = {1, 10, 64, 1000})
    void servesRequestsThatAreCutAnywhere(int size) throws Exception {
        byte[] all = several(20);
        try (var client = server.client()) {
            for (int at = 0; at < all.length; at += size) {
                client.send(Arrays.copyOfRange(all, at, Math.min(all.length, at + size)));
            }
            for (int i = 0; i < 20; i++) {
                assertAnswered(client, i, i % 2 == 0 ? 0 : i * 10);
            }
        }
    }

    @Test
    void servesManyConnectionsAtOnce() throws Exception {
        var clients = new ArrayList<RawClient>();
        for (int i = 0; i < 100; i++) {
            clients.add(server.client());
        }
        for (int round = 0; round < 10; round++) {
            for (var client : clients) {
                client.send(get(round));
            }
            for (var client : clients) {
                assertAnswered(client, round, 0);
            }
        }
        for (var client : clients) {
            client.close();
        }
    }

    private static void assertAnswered(RawClient client, int number, int length) throws IOException {
        var answer = client.readResponse();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo("number=" + number + " length=" + length + " selects=true");
    }

    /** As many requests as that, every second one with a body. */
    private static byte[] several(int count) {
        var all = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            all.writeBytes((i % 2 == 0 ? get(i) : post(i, i * 10)).bytes());
        }
        return all.toByteArray();
    }

    private static RawRequest get(int number) {
        return RawRequest.of("GET", "/?number=" + number);
    }

    private static RawRequest post(int number, int length) {
        return RawRequest.of("POST", "/?number=" + number).body(new byte[length]);
    }
}
