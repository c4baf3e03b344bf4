package dev.warder.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.warder.frontends.FrontEnd;
import dev.warder.frontends.RunningFrontEnd;
import dev.warder.standalone.WarderProcess;
import dev.warder.testkit.FreePort;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.ScriptedUpstream;
import dev.warder.testkit.TestAuthority;
import dev.warder.testkit.TestCertificate;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Client certificates with the files of {@code conf/}: on the TLS of each server itself, and behind each front end.
 * Every request also has the certificate of a client in all fields that a server may read it from.
 */
@Tag("servers")
class CertificateServers {
    private static final String RULES = "[{\"name\":\"ci\",\"subject\":\"CN=ci\",\"models\":[\"claude-haiku-*\"]}]";
    /** What {@code ci} may not ask for, so that the response names it. */
    private static final String MESSAGE = "{\"model\":\"claude-x\",\"max_tokens\":9,\"messages\":[]}";

    private static final List<FrontEnd> KINDS =
            List.of(new FrontEnd.NginxFrontEnd(), new FrontEnd.HaproxyFrontEnd(), new FrontEnd.ApacheFrontEnd());

    @TempDir
    private Path folder = Path.of("");

    private ScriptedUpstream upstream;
    private TestAuthority authority;
    private TestAuthority other;

    @BeforeEach
    final void prepare() throws Exception {
        upstream = ScriptedUpstream.plain();
        var ci = List.of("-keyalg", "EC", "-signer", "ca", "-dname", "CN=ci");
        var guest = List.of("-keyalg", "EC", "-signer", "ca", "-dname", "CN=guest");
        authority = TestAuthority.create(Map.of(
                "server",
                List.of("-keyalg", "EC", "-signer", "ca", "-ext", "san=dns:localhost,ip:127.0.0.1"),
                "ci",
                ci,
                "guest",
                guest));
        other = TestAuthority.create(Map.of("ci", ci));
        Files.writeString(folder.resolve("rules"), RULES);
    }

    @AfterEach
    final void close() throws IOException {
        upstream.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tomcat10", "tomcat11", "jetty", "wildfly", "liberty"})
    void onItsOwnTls(String name) throws Exception {
        try (var server = start(name, "tls")) {
            var port = server.site().environment().get("WARDER_TLS_PORT");
            decides(URI.create("https://127.0.0.1:" + port + "/warder"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tomcat10", "tomcat11", "wildfly", "liberty"})
    void behindFrontEnds(String name) throws Exception {
        assumeFrontEnds();
        try (var server = start(name, "front-end")) {
            decidesBehindFrontEnds(name.replaceAll("\\d", ""), server.site().baseUri());
        }
    }

    @Test
    void javaJarBehindFrontEnds() throws Exception {
        assumeFrontEnds();
        Files.writeString(folder.resolve("token"), ServerGround.ACCESS_TOKEN);
        Files.writeString(folder.resolve("key"), ServerGround.MANAGED_KEY);
        try (var warder = new WarderProcess(
                folder,
                "--port=0",
                "--upstream.url=" + upstream.uri(),
                "--upstream.credentials=primary=file:" + folder.resolve("key"),
                "--clients.token=file:" + folder.resolve("token"),
                "--auth.certificate=allow",
                "--clients.certificates=file:" + folder.resolve("rules"),
                "--http.trustedProxies=127.0.0.1")) {
            decidesBehindFrontEnds("jar", warder.base());
        }
    }

    private static void assumeFrontEnds() {
        assumeTrue(KINDS.stream().allMatch(FrontEnd::installed), "needs nginx, HAProxy and Apache");
    }

    private ServerProcess start(String name, String recipe) throws Exception {
        var run = Run.of(name + "On17");
        assumeTrue(run.wanted(), "asked for by -Dservers and -Dservers.jdks");
        var server = ServerProcess.start(
                run,
                Map.of(
                        "WARDER_UPSTREAM_URL", upstream.uri().toString(),
                        "WARDER_UPSTREAM_KEY", ServerGround.MANAGED_KEY,
                        "WARDER_CLIENTS_TOKEN", ServerGround.ACCESS_TOKEN,
                        "WARDER_TLS_PORT", Integer.toString(FreePort.next()),
                        "WARDER_TLS_KEYS", stored(authority.keys("server"), "keys.p12"),
                        "WARDER_TLS_CLIENTS", stored(authority.trust(), "clients.p12"),
                        "WARDER_TLS_PASSWORD", TestCertificate.password()),
                Map.of("auth.certificate", "allow", "clients.certificates", "file:" + folder.resolve("rules")),
                recipe);
        server.awaitDeployed();
        return server;
    }

    private String stored(KeyStore keys, String name) throws Exception {
        var file = folder.resolve(name);
        try (var out = Files.newOutputStream(file)) {
            keys.store(out, TestCertificate.password().toCharArray());
        }
        return file.toString();
    }

    private void decidesBehindFrontEnds(String server, URI node) throws Exception {
        // Whoever reaches the node itself is whom he likes, so that the forged fields are as the server reads them.
        try (var direct = RawClient.connect(node)) {
            assertThat(direct.exchange(request(node, false)).text()).contains("The client ci may not");
        }
        for (var kind : KINDS) {
            if (kind.offers(server)) {
                try (var front = RunningFrontEnd.start(kind, List.of(node, node), authority.keys("server"), server)) {
                    decides(front.uri().resolve(node.getPath()));
                }
            }
        }
    }

    private void decides(URI uri) throws Exception {
        assertThat(sent(uri, authority.identified("ci"), false))
                .startsWith("403 ")
                .contains("The client ci may not");
        assertThat(sent(uri, authority.identified("ci"), true))
                .startsWith("401 ")
                .contains("another client");
        assertThat(sent(uri, authority.identified("guest"), false))
                .startsWith("401 ")
                .contains("belongs to no client");
        assertThat(sent(uri, authority.identified("guest"), true)).startsWith("200 ");
        assertThat(sent(uri, authority.trusting(), false)).startsWith("401 ").doesNotContain("certificate");
        assertThat(sent(uri, authority.trusting(), true)).startsWith("200 ");
        // The same name, signed by an authority of the same name; nginx responds with a page of its own.
        assertThat(sent(uri, other.identified("ci", authority), true)).matches("(?s)(refused|400 ).*");
        for (var request : upstream.requests()) {
            assertThat(request.rawHead()).doesNotContainIgnoringCase("cert", "ssl_", "$WS");
        }
    }

    private String sent(URI uri, SSLContext tls, boolean token) throws Exception {
        try (var client = RawClient.connect(uri, tls)) {
            var answer = client.exchange(request(uri, token));
            return answer.status() + " " + answer.text();
        } catch (IOException handshake) {
            return "refused";
        }
    }

    private RawRequest request(URI uri, boolean token) throws Exception {
        var der = Base64.getEncoder().encodeToString(authority.certificate("ci").getEncoded());
        var pem = "-----BEGIN CERTIFICATE----- " + der + " -----END CERTIFICATE-----";
        var request = RawRequest.of("POST", uri.getPath() + "/v1/messages")
                .field("Client-Cert", ":" + der + ":")
                .field("SSL_CLIENT_CERT", pem)
                .field("ssl_client_escaped_cert", pem)
                .field("ssl_cipher", "TLS_AES_128_GCM_SHA256")
                .field("ssl_cipher_usekeysize", "128")
                .field("ssl_session_id", "00")
                .field("$WSAT", "CLIENT_CERT")
                .field("$WSCC", der)
                .field("$WSCS", "TLS_AES_128_GCM_SHA256")
                .field("$WSIS", "true")
                .field("$WSPR", "HTTP/1.1")
                .field("$WSRA", "192.0.2.1")
                .field("$WSRH", "192.0.2.1")
                .field("$WSRU", "ci")
                .field("$WSSC", "https")
                .field("$WSSI", "00")
                .field("$WSSN", "gateway.example.com")
                .field("$WSSP", "443");
        return (token ? request.field("X-Warder-Token", ServerGround.ACCESS_TOKEN) : request).json(MESSAGE);
    }
}
