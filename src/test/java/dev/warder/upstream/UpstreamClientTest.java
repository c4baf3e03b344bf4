package dev.warder.upstream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.contract.Eventually;
import dev.warder.testkit.StreamUpstream;
import dev.warder.testkit.TestCertificate;
import dev.warder.upstream.UpstreamSettings.Http2;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.nio.support.BasicRequestProducer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Connections of the client: how they begin, fail and end. */
class UpstreamClientTest {
    private static final String RESPONSE = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
    private static final String DEAF = "127.0.0.2";
    private static final String ALIVE = "127.0.0.1";
    private static final Duration SOON = Duration.ofSeconds(10);

    private final CompletableFuture<@Nullable Void> closed = new CompletableFuture<>();
    private final List<String> told = new ArrayList<>();
    private final UpstreamExchange exchange = new UpstreamExchange(() -> told.add("withdrawn"));
    private final AtomicLong clock = new AtomicLong();
    private final CountDownLatch goOn = new CountDownLatch(1);
    private ExchangeGround ground;

    /** With reactor threads that take long to end: whoever waits for those of HTTP/1.1 is interrupted. */
    @Test
    void closesEveryConnectionThoughTheThreadIsInterrupted() throws Exception {
        try (var ground = ExchangeGround.start(this::slow, System::nanoTime)) {
            assertThat(ground.execute().end()).isEqualTo("200");
            Thread.currentThread().interrupt();
            ground.client().close();
            assertThat(Thread.interrupted()).isTrue();
            ground.upstream().open().await(now -> now == 0, Duration.ofSeconds(10));
            closed.complete(null);
        }
    }

    private Thread slow(Runnable task) {
        return new Thread(() -> {
            task.run();
            closed.join();
        });
    }

    @Test
    void closeTheConnectionBeforeTheNextRequest() throws Exception {
        try (var listener = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
                var client = ExchangeGround.plain(URI.create("http://127.0.0.1:" + listener.getLocalPort()))) {
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
        var request = new BasicHttpRequest("GET", client.origin().host(), "/v1/models");
        client.origin().execute(false, new BasicRequestProducer(request, null), answer, answer);
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

    @Test
    void triesOneAfterTheOther() throws Exception {
        assertThat(endWith(DEAF, ALIVE)).isEqualTo("200");
    }

    @Test
    void failsWhenNoneAnswers() throws Exception {
        assertThat(endWith(DEAF, DEAF)).contains("ConnectException");
    }

    /** URI schemes have no case (RFC 3986, section 3.1). */
    @Test
    void isSecureHoweverTheSchemeIsSpelt() throws Exception {
        assertThat(end("HTTPS", ALIVE)).isEqualTo("200");
    }

    private static String endWith(String... addresses) throws Exception {
        return end("https", addresses);
    }

    private static String end(String scheme, String... addresses) throws Exception {
        try (var upstream = StreamUpstream.start(TestCertificate.shared());
                var client = client(
                        URI.create(scheme + "://localhost:" + upstream.uri().getPort()), addresses)) {
            client.start();
            var answer = Answer.taken();
            var request = new BasicHttpRequest("POST", client.origin().host(), "/v1/messages");
            client.origin().execute(true, new BasicRequestProducer(request, null), answer, answer);
            return answer.end();
        }
    }

    private static UpstreamClient client(URI url, String... addresses) throws Exception {
        var all = new InetAddress[addresses.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = InetAddress.getByName(addresses[i]);
        }
        return TestCertificate.shared()
                .whileTrusted(() -> new UpstreamClient(
                        url,
                        Duration.ofSeconds(30),
                        Http2.STREAMING,
                        Outbound.DIRECT,
                        Thread::new,
                        host -> all,
                        System::nanoTime));
    }

    /** One by HTTP/1.1 and two by HTTP/2, each with connections of its own. */
    @Test
    void sendsEachRequestToItsOrigin() throws Exception {
        try (var one = StreamUpstream.start(TestCertificate.shared());
                var two = StreamUpstream.start(TestCertificate.shared());
                var client = client(one.uri(), ALIVE)) {
            var second = client.add(two.uri(), Http2.AUTO);
            var plain = client.add(two.uri(), Http2.OFF);
            client.start();
            two.script(request -> {
                request.head(203);
                request.end();
            });
            assertThat(end(client.origin(), true)).isEqualTo("200");
            assertThat(end(second, false)).isEqualTo("203");
            assertThat(end(second, true)).isEqualTo("203");
            assertThat(end(plain, true)).contains("Exception");
            assertThat(one.requests()).hasSize(1);
            assertThat(two.requests()).hasSize(2);
            assertThat(client.idle()).isEqualTo(2);
        }
    }

    @Test
    void addsAnOriginWithHttp2WhileItRuns() throws Exception {
        try (var upstream = StreamUpstream.start(TestCertificate.shared())) {
            var client = ExchangeGround.plain(URI.create("http://127.0.0.1:9"));
            try (client) {
                var added = TestCertificate.shared().whileTrusted(() -> client.add(upstream.uri(), Http2.AUTO));
                assertThat(end(added, true)).isEqualTo("200");
                assertThat(upstream.requests()).hasSize(1);
            }
            assertThatThrownBy(() -> client.add(upstream.uri(), Http2.OFF)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void forgetsAnOriginWithItsLastConnectionUntilItIsUsedAgain() throws Exception {
        try (var unused = StreamUpstream.start(TestCertificate.shared())) {
            var origin = ground.client().add(unused.uri(), Http2.AUTO);
            for (int connections = 1; connections <= 2; connections++) {
                assertThat(end(origin, true)).isEqualTo("200");
                // A connection is idle a moment after the response.
                Eventually.holds(SOON, () -> ground.client().idle() == 1);
                tidyAfterSeconds(60);
                unused.open().await(now -> now == 0, SOON);
                assertThat(unused.accepted().value()).isEqualTo(connections);
                assertThat(ground.client().idle()).isZero();
            }
        }
    }

    private static String end(UpstreamClient.Origin origin, boolean streams) throws Exception {
        var answer = Answer.taken();
        var request = new BasicHttpRequest("POST", origin.host(), "/v1/messages");
        origin.execute(streams, new BasicRequestProducer(request, null), answer, answer);
        return answer.end();
    }

    @Test
    void letsGoOfItsRequestOnceWhenCancelledBeforeItWasTakenUp() {
        exchange.cancel();
        exchange.cancel();
        assertThat(told).containsExactly("withdrawn");
        assertThat(exchange.takeUp()).isFalse();
    }

    @Test
    void leavesTheRequestToTheClientOnceTakenUp() {
        assertThat(exchange.takeUp()).isTrue();
        var running = new CompletableFuture<Void>();
        exchange.started(running);
        exchange.cancel();
        assertThat(told).isEmpty();
        assertThat(running).isCancelled();
    }

    @BeforeEach
    void start() throws Exception {
        ground = ExchangeGround.start(Thread::new, clock::get);
    }

    @AfterEach
    void stop() throws Exception {
        goOn.countDown();
        ground.close();
    }

    @Test
    void aHandshakeMayTakeAsLongAsItsTimeOut() throws Exception {
        ground.upstream().holdTls(goOn);
        var answer = ground.execute();
        ground.upstream().greeted().awaitAtLeast(1, SOON);
        tidyAfterSeconds(29);
        goOn.countDown();
        assertThat(answer.end()).isEqualTo("200");
        assertThat(ground.upstream().accepted().value()).isEqualTo(1);
    }

    @Test
    void anUpstreamThatDoesNotBeginToSpeakIsLeftTenSecondsAfterTheHandshake() throws Exception {
        ground.upstream().holdSettings(goOn);
        var answer = ground.execute();
        ground.upstream().secured().awaitAtLeast(1, SOON);
        tidyAfterSeconds(9);
        assertThat(ground.upstream().open().value()).isEqualTo(1);
        tidyAfterSeconds(2);
        assertThat(answer.end()).contains("SocketTimeoutException");
    }

    private void tidyAfterSeconds(long seconds) {
        clock.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
        ground.client().tidy();
    }
}
