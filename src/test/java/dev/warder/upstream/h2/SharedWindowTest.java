package dev.warder.upstream.h2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.StreamRequest;
import dev.warder.testkit.StreamUpstream;
import dev.warder.testkit.TestCertificate;
import dev.warder.upstream.Answer;
import java.time.Duration;
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

/** The windows of a connection on which exchanges are cancelled. */
class SharedWindowTest {
    private static final Pattern WINDOW = Pattern.compile("connInputWindow=(\\d+)");
    private static final int EXCHANGES = 20;
    private static final int NEIGHBOUR = 8 << 20;
    private static final int PIECE = 16 * 1024;

    private final List<IOSession> sessions = new CopyOnWriteArrayList<>();
    private StreamUpstream upstream;
    private SharedConnections connections;

    @BeforeEach
    void start() throws Exception {
        upstream = StreamUpstream.start(TestCertificate.shared());
        var tls = ClientTlsStrategyBuilder.create()
                .setSslContext(TestCertificate.shared().clientContext())
                .buildAsync();
        connections = new SharedConnections(setup(tls), System::nanoTime);
        connections.start();
    }

    private ConnectionSetup setup(TlsStrategy tls) {
        return new ConnectionSetup(
                HttpHost.create(upstream.uri()),
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
        connections.close();
        connections.awaitEnd(Timeout.ofSeconds(5));
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
}
