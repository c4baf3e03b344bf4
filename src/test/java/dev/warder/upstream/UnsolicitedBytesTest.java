package dev.warder.upstream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.upstream.UpstreamSettings.Http2;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.time.Duration;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.nio.support.BasicRequestProducer;
import org.junit.jupiter.api.Test;

/** Bytes that an upstream sends after its response, while the connection waits for the next request. */
class UnsolicitedBytesTest {
    private static final String RESPONSE = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";

    @Test
    void closeTheConnectionBeforeTheNextRequest() throws Exception {
        try (var listener = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
                var client = new UpstreamClient(
                        URI.create("http://127.0.0.1:" + listener.getLocalPort()),
                        Duration.ofSeconds(30),
                        Http2.OFF,
                        Thread::new,
                        System::nanoTime)) {
            client.start();
            var first = execute(client);
            try (var connection = listener.accept()) {
                respond(connection, RESPONSE);
                assertThat(first.end()).isEqualTo("200");
                connection.getOutputStream().write("poison".getBytes(ISO_8859_1));
                awaitEnd(connection);
            }
            var second = execute(client);
            try (var connection = listener.accept()) {
                respond(connection, RESPONSE);
                assertThat(second.end()).isEqualTo("200");
            }
        }
    }

    private static Answer execute(UpstreamClient client) {
        var answer = Answer.taken();
        var request = new BasicHttpRequest("GET", client.host(), "/v1/models");
        client.execute(false, new BasicRequestProducer(request, null), answer, answer);
        return answer;
    }

    private static void respond(Socket connection, String response) throws IOException {
        connection.setSoTimeout(10_000);
        assertThat(connection.getInputStream().read(new byte[8192])).isPositive();
        connection.getOutputStream().write(response.getBytes(ISO_8859_1));
    }

    /** Fails with a timeout of the socket while the client keeps the connection. */
    private static void awaitEnd(Socket connection) throws IOException {
        try {
            assertThat(connection.getInputStream().read()).isNegative();
        } catch (SocketException reset) {
            // The client closed it at once.
        }
    }
}
