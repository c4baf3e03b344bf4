package dev.warder.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.warder.cli.Command;
import dev.warder.cli.CommandLine;
import dev.warder.json.JsonTree;
import dev.warder.standalone.OpenConnections.ConnectionLimits;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Jetty refuses by itself, on the wire. */
class WebServerTest {
    private static final Command.Serve SERVE = new Command.Serve("127.0.0.1", 0, "/gw", false, false);
    private static final String HOST = " HTTP/1.1\r\nHost: localhost\r\n";

    private final Path webapp;
    private final WebServer server;

    WebServerTest(@TempDir Path folder) throws IOException {
        webapp = Files.createDirectories(folder.resolve("war"));
        server = new WebServer(
                SERVE,
                webapp,
                webapp.resolveSibling("work"),
                Map.of("warder/limits.body", "1m"),
                Duration.ofSeconds(1),
                ConnectionLimits.ofThisMachine());
    }

    @BeforeEach
    void start() throws Exception {
        server.open();
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    @ParameterizedTest
    @CsvSource({
        "GET /outside,404,not_found_error",
        "GET /gw/nothing,404,not_found_error",
        "GET /gw/a%2Fb,400,invalid_request_error",
        "GET /gw/%00,400,invalid_request_error",
        "TRACE /gw/nothing,403,permission_error",
    })
    void refusesInTheShapeOfTheApi(String line, int status, String type) throws Exception {
        assertRefused(line + HOST + "\r\n", status, type);
    }

    /** Some of them have to wait until the thread that selects comes round again. */
    @Test
    void refusesEachOfManyRequestsOfAConnectionAlike() throws Exception {
        try (var client = RawClient.connect(URI.create("http://127.0.0.1:" + server.port()))) {
            for (int i = 0; i < 100; i++) {
                var answer = client.exchange(RawRequest.of("GET", i % 3 == 0 ? "/outside" : "/gw/nothing"));
                assertThat(answer.status()).isEqualTo(404);
                assertThat(answer.text()).contains("\"not_found_error\"");
            }
        }
    }

    /** Also where a line ends in a line feed alone, and a transfer coding of HTTP/1.0. */
    @Test
    void refusesAMalformedHead() throws Exception {
        assertInvalid("GET /gw" + HOST + "planted name: x\r\n\r\n", 400);
        assertInvalid("GET /gw" + HOST + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n", 400);
        assertInvalid("GET /gw/none" + HOST + "X-A: b\nX-B: c\r\n\r\n", 400);
        assertInvalid("GET /gw/none" + HOST + "X-A: b\nContent-Length: 0\r\n\r\n", 400);
        assertInvalid(("GET /gw/none" + HOST + "\r\n").replace("\r\n", "\n"), 400);
        assertInvalid("GET /gw/none HTTP/1.1\nHost: localhost\r\nConnection: close\r\n\r\n", 400);
        assertInvalid("POST /gw/none HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400);
    }

    @Test
    void refusesMoreThanThirtyTwoKibibytesOfHead() throws Exception {
        String long33 = "a".repeat(33_000);
        assertInvalid("GET /gw/" + long33 + HOST + "\r\n", 414);
        assertInvalid("GET /gw/" + HOST + "x: " + long33 + "\r\n\r\n", 431);
        assertPassed("GET /gw/none" + HOST + "x: " + "a".repeat(30_000) + "\r\n\r\n");
    }

    /** With Host and Connection, 98 and 99 more. */
    @Test
    void acceptsAHundredFieldsAndNoMore() throws Exception {
        assertPassed("GET /gw/none" + HOST + "a: b\r\n".repeat(98) + "\r\n");
        assertInvalid("GET /gw/none" + HOST + "a: b\r\n".repeat(99) + "\r\n", 431);
    }

    @Test
    void refusesEveryTransferCodingButChunked() throws Exception {
        for (var coding : List.of("gzip, chunked", "gzip", "identity", "chunked;q=1", "xchunked")) {
            assertInvalid("POST /gw/none" + HOST + "Transfer-Encoding: " + coding + "\r\n\r\n0\r\n\r\n", 501);
        }
        assertPassed("GET /gw/none" + HOST + "Transfer-Encoding: Chunked\r\n\r\n0\r\n\r\n");
    }

    @Test
    void saysThatTheApplicationRefused(@TempDir Path folder) throws Exception {
        Path broken = Files.createDirectories(folder.resolve("war"));
        Path descriptor = Files.createDirectories(broken.resolve("WEB-INF")).resolve("web.xml");
        Files.writeString(
                descriptor,
                """
                <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
                  <listener><listener-class>no.such.Listener</listener-class></listener>
                </web-app>
                """);
        var second = new WebServer(
                SERVE,
                broken,
                webapp.resolveSibling("work"),
                Map.of(),
                Duration.ofSeconds(1),
                ConnectionLimits.ofThisMachine());
        second.open();
        assertThat(catchThrowableOfType(CommandLine.UsageException.class, second::start)
                        .problems())
                .containsExactly("the application could not be started; the reasons are logged above");
        second.stop();
    }

    private void assertInvalid(String request, int status) throws Exception {
        assertRefused(request, status, "invalid_request_error");
    }

    /** The application is asked, which has nothing there. */
    private void assertPassed(String request) throws Exception {
        assertThat(exchange(request)).startsWith("HTTP/1.1 404");
    }

    private void assertRefused(String request, int status, String type) throws Exception {
        String answer = exchange(request);
        assertThat(answer).startsWith("HTTP/1.1 " + status).contains("\r\nDate: ", "Content-Type: application/json");
        assertThat(answer.toLowerCase(Locale.ROOT))
                .doesNotContain("jetty", "server:", "powered", "exception", "planted", "org.")
                .as("the long value that came (a random id may hold three of a letter)")
                .doesNotContain("a".repeat(20));
        var body = JsonTree.parseObject(answer.substring(answer.indexOf("\r\n\r\n") + 4))
                .orElseThrow();
        assertThat(body.getString("type")).isEqualTo("error");
        assertThat(body.getJsonObject("error").getString("type")).isEqualTo(type);
        assertThat(answer).contains("request-id: " + body.getString("request_id"));
    }

    private String exchange(String request) throws Exception {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(request.replace("\r\nHost", "\r\nConnection: close\r\nHost")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
