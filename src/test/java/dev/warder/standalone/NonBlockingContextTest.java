package dev.warder.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections beside one that has sent many requests at once, seen through {@link WebServer}. */
class NonBlockingContextTest {
    private static final int MANY = 500;
    private static final RawRequest REQUEST = RawRequest.of("GET", "/");

    private final WebServer server;

    NonBlockingContextTest(@TempDir Path folder) throws IOException {
        Path webapp = Files.createDirectories(folder.resolve("war"));
        Files.writeString(
                Files.createDirectories(webapp.resolve("WEB-INF")).resolve("web.xml"),
                """
                <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0" metadata-complete="true">
                  <servlet>
                    <servlet-name>ticket</servlet-name>
                    <servlet-class>%s</servlet-class>
                  </servlet>
                  <servlet-mapping>
                    <servlet-name>ticket</servlet-name>
                    <url-pattern>/*</url-pattern>
                  </servlet-mapping>
                </web-app>
                """
                        .formatted(TicketServlet.class.getName()));
        server = new WebServer(
                new Command.Serve("127.0.0.1", 0, "/", false, Map.of()), webapp, Map.of(), Duration.ofSeconds(1));
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

    /** As many as the threads that select and more, so that each thread has one of them. */
    @Test
    void servesOthersBeforeManyRequestsOfOneConnectionAreServed() throws Exception {
        var others = new ArrayList<RawClient>();
        for (int i = 0; i < 2 * Runtime.getRuntime().availableProcessors(); i++) {
            others.add(client());
        }
        try (var busy = client()) {
            busy.send(new String(REQUEST.bytes(), StandardCharsets.US_ASCII).repeat(MANY));
            assertThat(TicketServlet.BEGUN.await(20, TimeUnit.SECONDS)).isTrue();
            for (var other : others) {
                other.send(REQUEST);
            }
            TicketServlet.GO_ON.countDown();
            for (var other : others) {
                assertThat(ticket(other)).isLessThan(MANY / 2);
            }
            int last = 0;
            for (int i = 0; i < MANY; i++) {
                int next = ticket(busy);
                assertThat(next).isGreaterThanOrEqualTo(last);
                last = next;
            }
            assertThat(last).isEqualTo(MANY + others.size() - 1);
        }
        for (var other : others) {
            other.close();
        }
    }

    private static int ticket(RawClient client) throws IOException {
        var answer = client.readResponse();
        assertThat(answer.status()).isEqualTo(200);
        return Integer.parseInt(answer.text());
    }

    private RawClient client() throws IOException {
        return RawClient.connect(URI.create("http://127.0.0.1:" + server.port()));
    }
}
