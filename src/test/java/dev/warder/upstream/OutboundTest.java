package dev.warder.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.config.Sources;
import dev.warder.contract.Eventually;
import dev.warder.testkit.ConnectProxy;
import dev.warder.testkit.FreePort;
import dev.warder.testkit.ScriptedUpstream;
import dev.warder.testkit.StreamUpstream;
import dev.warder.testkit.TestCertificate;
import dev.warder.upstream.UpstreamSettings.Http2;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;
import org.apache.hc.core5.http.nio.entity.AsyncEntityProducers;
import org.apache.hc.core5.http.nio.support.BasicRequestProducer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of the proxy, and real exchanges through one. */
class OutboundTest {
    private static TestCertificate certificate;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void makeCertificate() throws Exception {
        certificate = TestCertificate.create(folder, "dns:api.test,dns:localhost,ip:127.0.0.1");
    }

    @ParameterizedTest
    @CsvSource({
        "api.test,true",
        "API.internal.test,false",
        "internal.test,true",
        "exact.test,false",
        "Exact.Test,false",
        "more.exact.test,true",
        "10.1.2.3,false",
        "11.1.2.3,true",
        "[2001:db8::1],false",
        "[2001:db9::1],true",
        "localhost,false",
        "127.8.8.8,false",
        "[::1],false",
        "::1,false",
        "LOCALHOST,false",
        "localhost.,true",
        "[::ffff:127.0.0.1],false",
        "::ffff:127.8.8.8,false",
        "0:0:0:0:0:0:0:1,false",
        "::ffff:128.0.0.1,true",
        "localhost.test,true",
        "2001:db8::1,false",
        "127.0.0.1.test,true",
    })
    void carriesAllButTheExceptions(String host, boolean carried) {
        var outbound = outbound(
                "http://proxy.test:3128", "upstream.noProxy", ".internal.test, exact.test,10.0.0.0/8 ,2001:db8::/32");
        assertThat(outbound.isProxied(host)).isEqualTo(carried);
        var hop = outbound.firstHop(new HttpHost(host, 443));
        assertThat(hop.getHostName() + ":" + hop.getPort())
                .isEqualTo(carried ? "proxy.test:3128" : new HttpHost(host, 443).getHostName() + ":443");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "upstream.proxy|proxy.test:3128|must begin with http:// or https://",
                "upstream.proxy|socks://proxy.test:3128|must begin with http:// or https://",
                "upstream.proxy|http://proxy.test|must be http://HOST:PORT or https://HOST:PORT",
                "upstream.proxy|http://proxy.test:3128/path|must be http://HOST:PORT or https://HOST:PORT",
                "upstream.proxy|http://me:word@proxy.test:3128|must not have user information or a fragment",
                "upstream.noProxy|a.test,b test|must be hosts, endings such as .example.com and networks such as 10.0.0.0/8, separated by commas",
                "upstream.noProxy|10.0.0.1/8|has an address with bits after the prefix; write the network's first one",
                "upstream.proxyLogin|me:word|must be a reference to a secret",
                "upstream.truststore|/no/such/file|file: does not exist",
                "upstream.keystore|/no/such/file|file: does not exist",
            })
    void refusesOtherValues(String setting, String value, String problem) {
        var problems = new Sources().set(setting, value).problems();
        assertThat(problems).anySatisfy(each -> assertThat(each).contains(problem));
        assertThat(problems.toString()).doesNotContain("me:word");
    }

    @ParameterizedTest
    @EnumSource(Http2.class)
    void opensTunnelsOverBothKindsOfProxiesWithoutALookUp(Http2 http2) throws Exception {
        for (boolean secure : new boolean[] {false, true}) {
            for (int piece : new int[] {70_000, 11}) {
                try (var one = ScriptedUpstream.tls(certificate);
                        var upstream = StreamUpstream.start(certificate);
                        var proxy = secure ? ConnectProxy.tls(certificate) : ConnectProxy.plain();
                        var client = client(
                                proxy.inPieces(piece).url(), http2 == Http2.OFF ? one.uri() : upstream.uri(), http2)) {
                    assertThat(end(client, Optional.empty())).isEqualTo("200");
                    int size = piece == 11 ? 50_000 : 5_000_000;
                    assertThat(end(client, Optional.of(new byte[size]))).isEqualTo("200");
                    assertThat(proxy.requests())
                            .isNotEmpty()
                            .allMatch(head -> head.equals(
                                    "CONNECT api.test:%1$d HTTP/1.1\r\nHost: api.test:%1$d\r\nUser-Agent: Warder\r\n\r\n"
                                            .formatted(client.origin().host().getPort())));
                }
            }
        }
    }

    /** What follows the handshake at once: tickets for later sessions, and the settings of HTTP/2. */
    @Test
    void takesWhatComesInOneRecordOfTheProxy() throws Exception {
        try (var upstream = StreamUpstream.start(certificate);
                var proxy = ConnectProxy.tls(certificate).gathering(50)) {
            for (int i = 0; i < 3; i++) {
                try (var client = client(proxy.url(), upstream.uri(), Http2.AUTO)) {
                    assertThat(end(client, Optional.empty())).isEqualTo("200");
                }
            }
        }
    }

    @Test
    void authenticatesToTheProxyAlone() throws Exception {
        try (var one = ScriptedUpstream.tls(certificate);
                var proxy = ConnectProxy.plain();
                var client = client(one.uri(), Http2.OFF, outbound(proxy.url(), "upstream.proxyLogin", "env:LOGIN"))) {
            assertThat(end(client, Optional.empty())).isEqualTo("200");
            assertThat(proxy.requests())
                    .singleElement()
                    .asString()
                    .endsWith("Proxy-Authorization: Basic bWU6b3BlbiBzZXNhbWU=\r\n\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void reportsTheProxysFaultsAsItsOwn(boolean secure) throws Exception {
        for (var http2 : Http2.values()) {
            try (var one = ScriptedUpstream.tls(certificate);
                    var upstream = StreamUpstream.start(certificate);
                    var proxy = secure ? ConnectProxy.tls(certificate) : ConnectProxy.plain();
                    var client = client(proxy.url(), http2 == Http2.OFF ? one.uri() : upstream.uri(), http2)) {
                proxy.next("HTTP/1.1 503 Unavailable\r\nContent-Length: 4\r\n\r\nsecr");
                assertThat(end(client, Optional.empty())).endsWith("ProxyException: returned 503 to CONNECT");
                proxy.next("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>");
                assertThat(end(client, Optional.empty())).endsWith("returned 200 and a page instead of a tunnel");
                proxy.next(connection -> {});
                assertThat(end(client, Optional.empty()))
                        .endsWith("closed the connection before it responded to CONNECT");
                proxy.next(connection -> {
                    connection.getOutputStream().write("HTTP/1.1 200".getBytes());
                    connection.getOutputStream().flush();
                });
                assertThat(end(client, Optional.empty()))
                        .endsWith("closed the connection before it responded to CONNECT");
                proxy.next(ConnectProxy::silence);
                assertThat(end(client, Optional.empty())).endsWith("did not respond to CONNECT in time");
                assertThat(end(client, Optional.empty())).isEqualTo("200");
                Eventually.holds(Duration.ofSeconds(10), () -> client.leased() == 0);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Http2.class)
    void reportsAProxyThatIsNotThere(Http2 http2) throws Exception {
        try (var client = client("http://127.0.0.1:" + FreePort.next(), URI.create("https://127.0.0.1:443"), http2)) {
            assertThat(end(client, Optional.empty())).endsWith("ProxyException: could not be reached");
        }
        try (var client = client("http://no-such-proxy.invalid:3128", URI.create("https://127.0.0.1:443"), http2)) {
            assertThat(end(client, Optional.empty())).endsWith("ProxyException: could not be reached");
        }
    }

    /** Its certificate is not for this name. */
    @ParameterizedTest
    @EnumSource(Http2.class)
    void trustsNoOtherProxy(Http2 http2) throws Exception {
        try (var upstream = StreamUpstream.start(certificate);
                var proxy = ConnectProxy.tls(TestCertificate.shared());
                var client = client(proxy.url(), upstream.uri(), http2)) {
            assertThat(end(client, Optional.empty())).endsWith("ProxyException: makes no secure connection");
            assertThat(proxy.requests()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void leadsServicesTheSameWay(boolean secure) throws Exception {
        try (var service = ScriptedUpstream.tls(certificate);
                var proxy = secure ? ConnectProxy.tls(certificate) : ConnectProxy.plain();
                var client = new ServiceClient(
                        outbound(proxy.url()), Thread::new, Duration.ofSeconds(10), ServiceClient.SHORT)) {
            var url = ConnectProxy.renamed(service.uri(), "api.test");
            assertThat(client.get(url, Map.of()).status()).isEqualTo(200);
            assertThat(proxy.requests()).hasSize(1);
            client.release();
            proxy.next("HTTP/1.1 403 No\r\n\r\n");
            var refused = client.get(url, Map.of());
            assertThat(refused.status()).isZero();
            assertThat(refused.failure())
                    .isEqualTo("could not be reached: the proxy of upstream.proxy returned 403 to CONNECT");
            assertThat(service.requests()).hasSize(1);
            client.release();
        }
    }

    /** A service, an upstream and a proxy get secrets. */
    @ParameterizedTest
    @CsvSource({
        "short, dns:localhost, -keyalg RSA -keysize 1024",
        "sha1, dns:localhost, -keyalg EC -sigalg SHA1withECDSA",
        "common-name, '', -keyalg EC",
        "other-name, email:localhost, -keyalg EC"
    })
    void sendsNothingToAPeerThatMayBeForged(String fault, String names, String key) throws Exception {
        var weak = TestCertificate.create(Files.createDirectory(folder.resolve(fault)), names, key);
        var sources = new Sources().set("upstream.truststore", weak.caPem().toString());
        var direct = sources.read().upstream().outbound();
        try (var peer = ScriptedUpstream.tls(weak);
                var proxy = ConnectProxy.tls(weak)) {
            var url = ConnectProxy.renamed(peer.uri(), "localhost");
            try (var service = new ServiceClient(direct, Thread::new, Duration.ofSeconds(10), ServiceClient.SHORT)) {
                assertThat(service.get(url, Map.of("Authorization", "secret")).status())
                        .isZero();
                service.release();
            }
            try (var upstream = started(url, Http2.OFF, direct)) {
                assertThat(end(upstream, Optional.empty())).isNotEqualTo("200");
            }
            assertThat(peer.requests()).isEmpty();
            sources.set(
                    "upstream.proxy",
                    ConnectProxy.renamed(URI.create(proxy.url()), "localhost").toString());
            try (var proxied = client(url, Http2.OFF, sources.read().upstream().outbound())) {
                assertThat(end(proxied, Optional.empty())).endsWith("ProxyException: makes no secure connection");
            }
            assertThat(proxy.requests()).isEmpty();
        }
    }

    private static Outbound outbound(String proxy, String... more) {
        var sources = new Sources()
                .set("upstream.proxy", proxy)
                .set("upstream.truststore", certificate.caPem().toString())
                .env("LOGIN", "me:open sesame");
        for (int i = 0; i < more.length; i += 2) {
            sources.set(more[i], more[i + 1]);
        }
        return sources.read().upstream().outbound();
    }

    private static UpstreamClient client(String proxy, URI upstream, Http2 http2) {
        return client(upstream, http2, outbound(proxy));
    }

    private static UpstreamClient client(URI upstream, Http2 http2, Outbound outbound) {
        return started(ConnectProxy.renamed(upstream, "api.test"), http2, outbound);
    }

    private static UpstreamClient started(URI upstream, Http2 http2, Outbound outbound) {
        var client =
                new UpstreamClient(upstream, Duration.ofSeconds(1), http2, outbound, Thread::new, System::nanoTime);
        client.start();
        return client;
    }

    private static String end(UpstreamClient client, Optional<byte[]> content) throws Exception {
        var answer = Answer.taken();
        var request = new BasicHttpRequest("POST", client.origin().host(), "/v1/messages");
        AsyncEntityProducer producer =
                content.map(bytes -> AsyncEntityProducers.create(bytes, null)).orElse(null);
        client.origin().execute(true, new BasicRequestProducer(request, producer), answer, answer);
        return answer.end();
    }
}
