package dev.warder.upstream.h2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.StreamRequest;
import dev.warder.testkit.StreamUpstream;
import dev.warder.testkit.TestCertificate;
import dev.warder.upstream.Answer;
import dev.warder.upstream.h2.SharedConnection.Pulse;
import dev.warder.upstream.h2.SharedStream.StreamWindow;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.nio.AsyncRequestProducer;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;
import org.apache.hc.core5.http.nio.support.BasicRequestProducer;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.util.Timeout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The windows of a connection and of its streams, and the pings that keep it. */
class SharedWindowTest {
    private static final Pattern WINDOW = Pattern.compile("connInputWindow=(\\d+)");
    private static final int EXCHANGES = 20;
    private static final int NEIGHBOUR = 8 << 20;
    private static final int PIECE = 16 * 1024;
    private static final int PORTION = StreamWindow.SIZE / 2;
    private static final long LOOK = Duration.ofMillis(250).toNanos();

    private final List<IOSession> sessions = new CopyOnWriteArrayList<>();
    private StreamUpstream upstream;
    private SharedReactor reactor;
    private SharedConnections connections;
    private final List<Integer> updates = new ArrayList<>();
    private final StreamWindow window = new StreamWindow(updates::add);
    private final List<Object> pings = new ArrayList<>();
    private long lastRead;
    private long now = 7;
    private final Pulse pulse = new Pulse(now);

    @BeforeEach
    void start() throws Exception {
        upstream = StreamUpstream.start(TestCertificate.shared());
        var tls = ClientTlsStrategyBuilder.create()
                .setSslContext(TestCertificate.shared().clientContext())
                .buildAsync();
        reactor = new SharedReactor(setup(tls));
        connections = new SharedConnections(HttpHost.create(upstream.uri()), reactor, System::nanoTime);
        reactor.start();
    }

    private ConnectionSetup setup(TlsStrategy tls) {
        return new ConnectionSetup(
                SystemDefaultDnsResolver.INSTANCE,
                tls,
                TlsConfig.custom().setHandshakeTimeout(Timeout.ofSeconds(5)).build(),
                Timeout.ofSeconds(5),
                new ConnectionSetup.Reactor(
                        IOReactorConfig.custom().setIoThreadCount(1).build(),
                        Thread::new,
                        session -> {
                            sessions.add(session);
                            return session;
                        },
                        fault -> {}));
    }

    @AfterEach
    void stop() throws Exception {
        reactor.close();
        reactor.awaitEnd(Timeout.ofSeconds(5));
        upstream.close();
    }

    /** What came of cancelled streams is given back, or the upstream could send nothing more on this connection one day. */
    @Test
    void cancelledStreamsTakeNothingFromTheWindowOfTheConnection() throws Exception {
        upstream.script(SharedWindowTest::flood);
        for (int i = 0; i < EXCHANGES; i++) {
            var exchange = execute(Answer.untaken());
            var request = upstream.take();
            request.written().awaitAtLeast(StreamWindow.SIZE, Duration.ofSeconds(10));
            exchange.cancel();
            assertThat(request.awaitReset()).isEqualTo(StreamRequest.CANCEL);
        }
        upstream.script(request -> {
            request.head(200);
            for (int i = 0; i < NEIGHBOUR; i += PIECE) {
                request.data(new byte[PIECE]);
            }
            request.end();
        });
        var neighbour = Answer.taken();
        execute(neighbour);
        assertThat(neighbour.end()).isEqualTo("200");
        assertThat(neighbour.length()).isEqualTo(NEIGHBOUR);
        assertThat(upstream.accepted().value()).isEqualTo(1);
        assertThat(window()).isEqualTo(upstream.take().connectionWindow());
    }

    private CancellableExchange execute(Answer answer) {
        var request = new BasicRequestProducer(
                new BasicHttpRequest("GET", HttpHost.create(upstream.uri()), "/v1/models"), null);
        var exchange = new CancellableExchange(request, answer, answer, new AtomicReference<>(() -> {}));
        connections.execute(exchange);
        return exchange;
    }

    private record CancellableExchange(
            AsyncRequestProducer request,
            AsyncResponseConsumer<Void> response,
            FutureCallback<Void> end,
            AtomicReference<Runnable> cancellation)
            implements StreamExchange {
        void cancel() {
            Objects.requireNonNull(cancellation.get()).run();
        }

        @Override
        public boolean carriedBy(Runnable stream) {
            cancellation.set(stream);
            return true;
        }

        @Override
        public void overHttp1() {
            throw new AssertionError("the upstream chose HTTP/1.1");
        }
    }

    /** What HttpCore believes to be left of the connection's window. */
    private long window() {
        var state = WINDOW.matcher(
                Objects.toString(Objects.requireNonNull(sessions.get(0).getHandler())));
        assertThat(state.find()).isTrue();
        return Long.parseLong(state.group(1));
    }

    private static void flood(StreamRequest request) throws Exception {
        request.head(200);
        while (!request.isReset()) {
            request.data(new byte[PIECE]);
        }
    }

    @Test
    void widensInPortions() throws IOException {
        window.update(PORTION - 1);
        assertThat(updates).isEmpty();
        window.update(1);
        window.update(3 * PORTION);
        window.update(5);
        assertThat(updates).containsExactly(PORTION, 3 * PORTION);
    }

    @Test
    void losesNoByteOfManySmallOnes() throws IOException {
        for (int i = 0; i < 10 * PORTION; i += 10) {
            window.update(10);
        }
        int sum = updates.stream().mapToInt(Integer::intValue).sum();
        assertThat(10 * PORTION - sum).isBetween(0, PORTION - 1);
    }

    @Test
    void widensNoMoreOnceTheStreamHasEnded() throws IOException {
        window.close();
        window.update(2 * PORTION);
        assertThat(updates).isEmpty();
    }

    @Test
    void letsOneFrameComeOfAStreamThatNobodyWants() throws IOException {
        window.allowLastFrame();
        window.update(2 * PORTION);
        window.allowLastFrame();
        assertThat(updates).containsExactly(PORTION);
    }

    @Test
    void letsNoFrameComeOfAStreamThatHasEnded() throws IOException {
        window.close();
        window.allowLastFrame();
        assertThat(updates).isEmpty();
    }

    @Test
    void asksAfterTenSecondsAndGivesUpAfterTenMore() {
        assertThat(silence(Duration.ofSeconds(10))).isFalse();
        assertThat(pings).isEmpty();
        assertThat(silence(Duration.ofSeconds(10))).isFalse();
        assertThat(pings).hasSize(1);
        assertThat(silence(Duration.ofMillis(250))).isTrue();
        lastRead++;
        assertThat(silence(Duration.ofSeconds(10))).isFalse();
        assertThat(pings).hasSize(1);
    }

    /** What came meanwhile is still to be read, and a ping still to be sent. */
    @Test
    void aStoppedProgramIsNoSilence() {
        assertThat(silence(Duration.ofSeconds(9))).isFalse();
        now += Duration.ofHours(1).toNanos();
        assertThat(look()).isFalse();
        assertThat(silence(Duration.ofSeconds(10))).isFalse();
        assertThat(pings).hasSize(1);
        assertThat(silence(Duration.ofMillis(250))).isTrue();
    }

    private boolean silence(Duration time) {
        boolean stopped = false;
        for (long passed = 0; passed < time.toNanos(); passed += LOOK) {
            now += LOOK;
            stopped = look();
        }
        return stopped;
    }

    private boolean look() {
        return pulse.hasStopped(session(), now);
    }

    private IOSession session() {
        return (IOSession) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {IOSession.class}, (self, method, arguments) -> {
                    if (method.getName().equals("enqueue")) {
                        return pings.add(arguments[0]);
                    }
                    return method.getName().equals("getLastReadTime") ? lastRead : null;
                });
    }
}
