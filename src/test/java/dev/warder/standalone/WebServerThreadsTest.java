package dev.warder.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.cli.Command;
import dev.warder.standalone.OpenConnections.ConnectionLimits;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ReadListener;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@link WebServer.SelectingExecutor} and {@link WebServer.NonBlockingContext}, seen through a {@link WebServer} with one
 * servlet at every path.
 */
class WebServerThreadsTest {
    private static final int MANY = 500;
    private static final RawRequest REQUEST = RawRequest.of("GET", "/");

    private final Path webapp;
    private final WebServer server;
    private final List<RawClient> clients = new ArrayList<>();

    WebServerThreadsTest(@TempDir Path folder) throws IOException {
        webapp = Files.createDirectories(folder.resolve("war"));
        server = new WebServer(
                new Command.Serve("127.0.0.1", 0, "/", false, false),
                webapp,
                webapp.resolveSibling("work"),
                Map.of(),
                Duration.ofSeconds(1),
                ConnectionLimits.ofThisMachine());
    }

    private void start(Class<? extends HttpServlet> servlet) throws Exception {
        Files.writeString(
                Files.createDirectories(webapp.resolve("WEB-INF")).resolve("web.xml"),
                """
                <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0" metadata-complete="true">
                  <servlet>
                    <servlet-name>one</servlet-name>
                    <servlet-class>%s</servlet-class>
                    <async-supported>true</async-supported>
                  </servlet>
                  <servlet-mapping>
                    <servlet-name>one</servlet-name>
                    <url-pattern>/*</url-pattern>
                  </servlet-mapping>
                </web-app>
                """
                        .formatted(servlet.getName()));
        server.open();
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        for (var client : clients) {
            client.close();
        }
        server.stop();
    }

    private RawClient client() throws IOException {
        var client = RawClient.connect(URI.create("http://127.0.0.1:" + server.port()));
        clients.add(client);
        return client;
    }

    private List<RawClient> clients(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            client();
        }
        return List.copyOf(clients);
    }

    /** As many connections as the threads that select and more, so that each thread has one of them. */
    @Test
    void servesOthersBeforeManyRequestsOfOneConnectionAreServed() throws Exception {
        start(TicketServlet.class);
        var others = clients(2 * Runtime.getRuntime().availableProcessors());
        var busy = client();
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

    private static int ticket(RawClient client) throws IOException {
        var answer = client.readResponse();
        assertThat(answer.status()).isEqualTo(200);
        return Integer.parseInt(answer.text());
    }

    @Test
    void servesOneRequestAfterTheOtherOnAConnection() throws Exception {
        start(LaterServlet.class);
        var client = client();
        for (int i = 0; i < 100; i++) {
            client.send(request(i, i));
            assertAnswered(client, i, i % 2 == 0 ? 0 : i);
        }
    }

    /** A request is there in part when the answer before it ends. */
    @ParameterizedTest
    @ValueSource(ints = {1, 10, 64, 1000, Integer.MAX_VALUE})
    void servesRequestsThatAreCutAnywhereInTheirOrder(int size) throws Exception {
        start(LaterServlet.class);
        int count = 60;
        var several = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            several.writeBytes(request(i, i * 10).bytes());
        }
        byte[] all = several.toByteArray();
        var client = client();
        int step = Math.min(size, all.length);
        for (int at = 0; at < all.length; at += step) {
            client.send(Arrays.copyOfRange(all, at, Math.min(all.length, at + step)));
        }
        for (int i = 0; i < count; i++) {
            assertAnswered(client, i, i % 2 == 0 ? 0 : i * 10);
        }
    }

    @Test
    void servesManyConnectionsAtOnce() throws Exception {
        start(LaterServlet.class);
        var many = clients(100);
        for (int round = 0; round < 20; round += 2) {
            for (var client : many) {
                client.send(request(round, 0));
            }
            for (var client : many) {
                assertAnswered(client, round, 0);
            }
        }
    }

    private static void assertAnswered(RawClient client, int number, int length) throws IOException {
        var answer = client.readResponse();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo("number=" + number + " length=" + length + " selects=true");
    }

    /** Every second one has a body. */
    private static RawRequest request(int number, int length) {
        var target = "/?number=" + number;
        return number % 2 == 0
                ? RawRequest.of("GET", target)
                : RawRequest.of("POST", target).body(new byte[length]);
    }

    /**
     * Answers each request on a thread of its own, some time after the container's thread has left: with the request's
     * query, the length of its body, and whether the container called on a thread that selects. Thread-safe.
     */
    public static final class LaterServlet extends HttpServlet {
        private static final long serialVersionUID = 1;
        private static final Executor LATER = CompletableFuture.delayedExecutor(2, TimeUnit.MILLISECONDS);

        /** Made by the container. */
        public LaterServlet() {}

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) {
            later(request.startAsync(), 0, selects());
        }

        @Override
        protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
            boolean selects = selects();
            var async = request.startAsync();
            var in = request.getInputStream();
            in.setReadListener(new ReadListener() {
                private int length;

                @Override
                public void onDataAvailable() throws IOException {
                    byte[] buffer = new byte[7];
                    while (in.isReady() && !in.isFinished()) {
                        length += Math.max(0, in.read(buffer));
                    }
                }

                @Override
                public void onAllDataRead() {
                    later(async, length, selects);
                }

                @Override
                public void onError(Throwable lost) {
                    async.complete();
                }
            });
        }

        private static void later(AsyncContext async, int length, boolean selects) {
            LATER.execute(() -> {
                try {
                    var query = ((HttpServletRequest) async.getRequest()).getQueryString();
                    async.getResponse().getOutputStream().print(query + " length=" + length + " selects=" + selects);
                } catch (IOException lost) {
                    throw new IllegalStateException(lost);
                } finally {
                    async.complete();
                }
            });
        }

        private static boolean selects() {
            return StackWalker.getInstance()
                    .walk(frames ->
                            frames.anyMatch(frame -> frame.getClassName().endsWith(".AdaptiveExecutionStrategy")));
        }
    }

    /** Answers on the spot, with how many it has answered before. The first one waits for the test. Thread-safe. */
    public static final class TicketServlet extends HttpServlet {
        /** Is open when the first request has come. */
        static final CountDownLatch BEGUN = new CountDownLatch(1);
        /** Lets the first request be answered. */
        static final CountDownLatch GO_ON = new CountDownLatch(1);

        private static final long serialVersionUID = 1;
        private static final AtomicInteger TICKETS = new AtomicInteger();

        /** Made by the container. */
        public TicketServlet() {}

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            int ticket = TICKETS.getAndIncrement();
            BEGUN.countDown();
            try {
                if (ticket == 0 && !GO_ON.await(20, TimeUnit.SECONDS)) {
                    throw new IOException("the test does not go on");
                }
            } catch (InterruptedException stopped) {
                throw new IOException(stopped);
            }
            response.getOutputStream().print(ticket);
        }
    }
}
