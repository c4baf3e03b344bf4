package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.ConnectProxy;
import dev.warder.testkit.Container;
import dev.warder.testkit.Deployment;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawEvent;
import dev.warder.testkit.ScriptedUpstream;
import dev.warder.testkit.StreamRequest;
import dev.warder.testkit.StreamUpstream;
import dev.warder.testkit.TemporaryFolder;
import dev.warder.testkit.TestCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A gateway that reaches its upstream through a forward proxy only: no one else knows the upstream's name. */
@OnEachContainer
class ForwardProxyContract extends Contract {
    private static final String STREAMING = "{\"model\":\"claude-x\",\"max_tokens\":9,\"stream\":true}";
    private static final String LOGIN = "proxy-user:" + "proxy-password".repeat(2);
    private static final int LARGE = 64 << 20;

    private static Path folder;
    private static TestCertificate certificate;

    @BeforeAll
    static void makeCertificate() throws Exception {
        folder = TemporaryFolder.create("forward-proxy");
        certificate = TestCertificate.create(folder, "dns:api.test,dns:localhost,ip:127.0.0.1");
    }

    @AfterAll
    static void deleteCertificate() {
        TemporaryFolder.delete(folder);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void servesOverHttp1(boolean secure) throws Exception {
        var secured = closing(ScriptedUpstream.tls(certificate).keepBodies(0));
        var proxy = closing(proxy(secure));
        var gateway = deploy(through(proxy, secured.uri()).with("upstream.http2", "off"));
        secured.next((request, reply) -> reply.messageStream("Hello", " there"));
        assertText(200, exchange(gateway, message(STREAMING))).contains("Hello", " there", "message_stop");
        var seen = secured.take();
        assertFields(seen.fields(), "x-api-key", MANAGED_KEY);
        assertNoFields(seen.fields(), "proxy-authorization");
        secured.next((request, reply) -> {
            reply.readBody();
            reply.json(200, "{}");
        });
        try (var client = connect(gateway)) {
            client.send(authenticated("POST", "/v1/files")
                    .field("Content-Type", "application/octet-stream")
                    .field("Content-Length", Integer.toString(LARGE))
                    .head());
            var piece = new byte[1 << 20];
            for (int sent = 0; sent < LARGE; sent += piece.length) {
                client.send(piece);
            }
            assertStatus(200, client.readResponse());
        }
        assertThat(secured.take().length()).isEqualTo(LARGE);
        secured.next((request, reply) -> reply.flood(LARGE));
        assertThat(exchange(gateway, authenticated("GET", "/v1/files/f/content"))
                        .body())
                .hasSize(LARGE);
        assertThat(proxy.requests()).isNotEmpty().allSatisfy(ForwardProxyContract::isTunnel);
        endsTheUpstreamsRequestWithTheClient(gateway, secured);
    }

    private static void endsTheUpstreamsRequestWithTheClient(Container gateway, ScriptedUpstream secured)
            throws Exception {
        eventually(() -> number(gateway, "OpenExchanges") == 0);
        var begun = latch();
        secured.next((request, reply) -> {
            reply.eventStream();
            begun.countDown();
            while (!request.peerClosed()) {
                reply.event("ping", "{\"type\":\"ping\"}");
                pause(20);
            }
        });
        try (var client = connect(gateway)) {
            client.send(message(STREAMING)).readHead();
            begun.await();
            client.reset();
        }
        eventually(() -> number(gateway, "OpenExchanges") == 0);
        eventually(() -> number(gateway, "UpstreamConnectionsLeased") == 0);
    }

    private static void isTunnel(String head) {
        assertThat(head)
                .matches("CONNECT api.test:\\d+ HTTP/1.1\r\nHost: api.test:\\d+\r\nUser-Agent: Warder\r\n"
                        + "Proxy-Authorization: Basic [A-Za-z0-9+/=]+\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void sharesAnHttp2Connection(boolean secure) throws Exception {
        var streams = closing(StreamUpstream.start(certificate));
        var proxy = closing(proxy(secure));
        var gateway = deploy(through(proxy, streams.uri()).with("upstream.http2", "auto"));
        var go = latch();
        streams.script(request -> {
            request.eventStream();
            request.data(Messages.start());
            while (!go.await(20, TimeUnit.MILLISECONDS) && !request.isReset()) {
                request.data(Messages.delta("more"));
            }
            request.data(Messages.end());
            request.end();
        });
        var lost = closing(connect(gateway)).send(message(STREAMING));
        lost.readHead();
        var cancelled = streams.take();
        var other = closing(connect(gateway)).send(message(STREAMING));
        other.readHead();
        lost.reset();
        assertThat(cancelled.awaitReset()).isEqualTo(StreamRequest.CANCEL);
        go.countDown();
        assertThat(other.readSummary().crc32c()).isEqualTo(streams.take().writtenCrc32c());
        assertThat(proxy.requests()).singleElement().satisfies(ForwardProxyContract::isTunnel);
    }

    @ParameterizedTest
    @CsvSource({"off", "auto"})
    void reportsWhatTheProxyDidAsTheProxys(String http2) throws Exception {
        var proxy = closing(proxy(false));
        var gateway = deploy(through(proxy, URI.create("https://127.0.0.1:9")).with("upstream.http2", http2));
        proxy.always("HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=\"r\"\r\nContent-Length: 0\r\n\r\n");
        isNamed(gateway, 502, "returned 407: it does not accept upstream.proxyLogin");
        proxy.always("HTTP/1.1 407 No\r\nProxy-Authenticate: Negotiate\r\nProxy-Authenticate: NTLM\r\n\r\n");
        isNamed(gateway, 502, "returned 407: it does not offer Basic authentication; NTLM, Negotiate");
        proxy.always("HTTP/1.1 403 Forbidden\r\nContent-Length: 4\r\n\r\nblah");
        isNamed(gateway, 502, "returned 403 to CONNECT");
        proxy.always("HTTP/1.1 502 Bad Gateway\r\n\r\n");
        isNamed(gateway, 502, "returned 502 to CONNECT");
        proxy.always("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>");
        isNamed(gateway, 502, "returned 200 and a page instead of a tunnel");
        proxy.always("HTTP/1.1 2");
        isNamed(gateway, 502, "closed the connection before it responded to CONNECT");
        proxy.always(ConnectProxy::silence);
        isNamed(gateway, 504, "did not respond to CONNECT in time");
        proxy.close();
        isNamed(gateway, 502, "could not be reached");
    }

    private void isNamed(Container gateway, int status, String what) throws Exception {
        assertThat(Answers.refused(exchange(gateway, message(STREAMING)), status))
                .startsWith("No connection to the upstream: the proxy of upstream.proxy " + what);
        assertThat(log.leaks()).isEmpty();
        eventually(() -> number(gateway, "OpenExchanges") == 0);
    }

    @Test
    void endsAStreamWithOneErrorIfTheProxyDies() throws Exception {
        var streams = closing(StreamUpstream.start(certificate));
        var proxy = closing(proxy(false));
        var gateway = deploy(through(proxy, streams.uri()));
        streams.script(request -> {
            request.eventStream();
            request.data(Messages.start());
            request.awaitReset();
        });
        try (var client = connect(gateway)) {
            client.send(message(STREAMING)).readHead();
            var begin = client.readEvent();
            proxy.cut();
            var rest = Stream.iterate(client.readEvent(), Optional::isPresent, event -> next(client))
                    .map(event -> event.orElseThrow().raw())
                    .toList();
            assertThat(begin).isPresent();
            assertThat(rest.get(rest.size() - 1)).startsWith("event: error\n").endsWith("\n\n");
            assertThat(rest)
                    .filteredOn(event -> event.startsWith("event: error"))
                    .hasSize(1);
        }
        streams.script(request -> request.json(200, "{}"));
        assertStatus(200, exchange(gateway, message(STREAMING)));
    }

    private static Optional<RawEvent> next(RawClient client) {
        try {
            return client.readEvent();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static ConnectProxy proxy(boolean secure) throws Exception {
        return secure ? ConnectProxy.tls(certificate) : ConnectProxy.plain();
    }

    private Deployment through(ConnectProxy proxy, URI upstream) {
        log.level("org.apache.hc", Level.INFO).plant(LOGIN, LOGIN.substring(LOGIN.indexOf(':') + 1));
        return Deployment.builtWar()
                .withConf(ConnectProxy.renamed(upstream, "api.test").toString(), MANAGED_KEY, ACCESS_TOKEN)
                .with("upstream.proxy", proxy.url())
                .withSecret("upstream.proxyLogin", LOGIN)
                .with("upstream.truststore", certificate.caPem().toString())
                .with("timeouts.connect", "2s")
                .with("stream.keepAlive", "0s")
                .with("openai.enabled", "false");
    }
}
