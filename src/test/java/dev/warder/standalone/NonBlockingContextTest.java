package dev.warder.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections beside one that has sent many requests at once, seen through {@link WebServer}. */
class NonBlockingContextTest {
    private static final int MANY = 500;
    private static final RawRequest REQUEST = RawRequest.of("GET", "/");

    private OneServlet server;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        server = OneServlet.start(folder, TicketServlet.class);
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
            others.add(server.client());
        }
        try (var busy = server.client()) {
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
}
