package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Deployment;
import dev.warder.testkit.JettyContainer;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.TestAuthority;
import dev.warder.testkit.TestCertificate;
import dev.warder.testkit.TomcatContainer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.catalina.connector.Connector;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients by TLS client certificates, of the container's connector and of a trusted front end. */
@OnEachContainer
class CertificateContract extends GroundContract {
    private static final String RULES =
            """
            [{"name": "ci", "subject": "CN=CI, O=Example"},
             {"name": "agent", "san": "uri:spiffe://example.test/agent", "models": ["claude-haiku-*"]}]""";

    private static final String FRONT_END = "127.0.0.0/8";

    private final Map<String, String> tokens = new HashMap<>();
    private TestAuthority authority;

    @BeforeAll
    final void prepare() throws Exception {
        authority = TestAuthority.create(Map.of(
                "server", signed("CN=localhost", "-ext", "san=dns:localhost,ip:127.0.0.1"),
                "ci", signed("CN=ci,O=Example"),
                "agent", signed("CN=any", "-ext", "san=uri:spiffe://example.test/agent"),
                "guest", signed("CN=guest,O=Example"),
                "late", signed("CN=ci,O=Example", "-startdate", "-30d", "-validity", "10")));
        for (var name : List.of("ci", "other")) {
            tokens.put(name, token());
            log.plant(tokens.get(name));
        }
        Files.writeString(folder.resolve("certificates"), RULES);
        Files.writeString(
                folder.resolve("clients"), line(tokens.get("ci"), "ci") + "\n" + line(tokens.get("other"), "other"));
    }

    private static List<String> signed(String name, String... more) {
        var all = new ArrayList<>(List.of("-keyalg", "EC", "-signer", "ca", "-dname", name));
        all.addAll(List.of(more));
        return all;
    }

    private Deployment deployment(String mode, String proxies) {
        var deployment = ground.bare()
                .with("clients.file", folder.resolve("clients").toString())
                .with("clients.certificates", "file:" + folder.resolve("certificates"))
                .with("auth.certificate", mode);
        return proxies.isEmpty() ? deployment : deployment.with("http.trustedProxies", proxies);
    }

    @ParameterizedTest
    @CsvSource({
        "allow,   -,         -,     401, -",
        "allow,   -,         ci,    200, ci",
        "allow,   ci,        -,     200, ci",
        "allow,   ci,        ci,    200, ci",
        "allow,   ci,        other, 401, -",
        "allow,   agent,     -,     200, agent",
        "allow,   guest,     other, 200, other",
        "allow,   guest,     -,     401, -",
        "allow,   late,      -,     401, -",
        "allow,   late,      other, 200, other",
        "allow,   malformed, -,     401, -",
        "require, -,         ci,    401, -",
        "require, guest,     ci,    401, -",
        "require, late,      ci,    401, -",
        "require, ci,        -,     200, ci",
        "require, ci,        ci,    200, ci",
        "require, agent,     ci,    401, -",
        "require, malformed, ci,    401, -"
    })
    void decidesByCertificateAndToken(String mode, String certificate, String token, int status, String client)
            throws Exception {
        var container = ground.container(mode, deployment(mode, FRONT_END));
        var asked = request(container, "GET", "/v1/models").field("x-api-key", OWN_KEY);
        if (!certificate.equals("-")) {
            asked = asked.field("Client-Cert", certificate.equals("malformed") ? ":bm8=:" : sequence(certificate))
                    .field("Client-Cert-Chain", sequence("ci"));
        }
        var answer = ask(container, token.equals("-") ? asked : asked.field("X-Warder-Token", tokens.get(token)));
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        if (status == 200) {
            assertThat(line(answer)).contains(" client=" + client + " ");
            assertNoFields(upstream.take().fields(), "client-cert", "client-cert-chain");
        } else {
            assertThat(upstream.requests()).isEmpty();
        }
    }

    /** Whatever the caller's own credential is, the certificate is that of the gateway's client. */
    @Test
    void passesTheCallersOwnCredentialOn() throws Exception {
        var container = ground.container("allow", deployment("allow", FRONT_END));
        var asked = request(container, "GET", "/v1/models").field("x-api-key", OWN_KEY);
        assertThat(ask(container, asked.field("Client-Cert", escaped("ci"))).status())
                .isEqualTo(200);
        assertThat(upstream.take().fields().values("x-api-key")).containsExactly(OWN_KEY);
    }

    @Test
    void believesNobodyElse() throws Exception {
        var container = ground.container("others", deployment("allow", "192.0.2.0/24"));
        assertThat(ask(
                                container,
                                request(container, "GET", "/v1/models")
                                        .field("x-api-key", OWN_KEY)
                                        .field("Client-Cert", sequence("ci")))
                        .status())
                .isEqualTo(401);
    }

    /** A field of the client's own does not count beside the certificate of its connection. */
    @ParameterizedTest
    @CsvSource({"ci, ci, 200", "agent, ci, 200", "guest, ci, 401"})
    void knowsTheCertificateOfTheConnection(String shown, String claimed, int status) throws Exception {
        boolean jetty =
                ground.container("allow", deployment("allow", FRONT_END)).name().startsWith("Jetty");
        try (var container = jetty ? jetty() : tomcat();
                var client = RawClient.connect(container.baseUri(), authority.identified(shown))) {
            var asked = RawRequest.of("GET", "/tls/v1/models")
                    .field("x-api-key", OWN_KEY)
                    .field("Client-Cert", sequence(claimed));
            var answer = client.exchange(asked);
            assertThat(answer.status()).as(answer.text()).isEqualTo(status);
            if (status == 200) {
                assertThat(line(answer)).contains(" client=" + shown + " ");
            }
        }
    }

    private Container jetty() throws Exception {
        var tls = new SslContextFactory.Server();
        tls.setSslContext(authority.identified("server"));
        tls.setWantClientAuth(true);
        return JettyContainer.start(deployment("allow", "").at("/tls"), Optional.of(tls));
    }

    private Container tomcat() throws Exception {
        var host = new SSLHostConfig();
        host.setCertificateVerification("optional");
        host.setTrustStore(authority.trust());
        var certificate = new SSLHostConfigCertificate(host, SSLHostConfigCertificate.Type.UNDEFINED);
        certificate.setCertificateKeystore(authority.keys("server"));
        certificate.setCertificateKeystorePassword(TestCertificate.password());
        host.addCertificate(certificate);
        var connector = new Connector();
        connector.setScheme("https");
        connector.setSecure(true);
        connector.setProperty("SSLEnabled", "true");
        connector.addSslHostConfig(host);
        return TomcatContainer.start(deployment("allow", "").at("/tls"), connector);
    }

    private RawResponse ask(Container container, RawRequest request) throws Exception {
        upstream.script(json(200, "{\"data\":[]}"));
        return send(container, request);
    }

    /** As RFC 9440 has it. */
    private String sequence(String alias) throws Exception {
        return ":"
                + Base64.getEncoder()
                        .encodeToString(authority.certificate(alias).getEncoded()) + ":";
    }

    /** As nginx escapes it. */
    private String escaped(String alias) throws Exception {
        var encoder = Base64.getMimeEncoder(64, new byte[] {'\n'});
        String pem = "-----BEGIN CERTIFICATE-----\n"
                + encoder.encodeToString(authority.certificate(alias).getEncoded()) + "\n-----END CERTIFICATE-----\n";
        return URLEncoder.encode(pem, StandardCharsets.US_ASCII).replace("+", "%20");
    }
}
