package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Deployment;
import dev.warder.testkit.JettyContainer;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.TestAuthority;
import dev.warder.testkit.TestCertificate;
import dev.warder.testkit.TomcatContainer;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import org.apache.catalina.connector.Connector;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients by TLS client certificates of the container's connector; those of front ends are in {@code StandaloneIT}. */
@OnEachContainer
class CertificateContract extends GroundContract {
    private static final String RULES =
            """
            [{"name": "ci", "subject": "commonName=CI, 2.5.4.10=example"},
             {"name": "agent", "san": "uri:spiffe://example.test/agent", "models": ["claude-haiku-*"]}]""";

    private static final String REFUSALS = "dev.warder.auth.RefusalLog";

    private final Map<String, String> tokens = new HashMap<>();
    private final Map<String, Container> containers = new HashMap<>();
    private TestAuthority authority;

    @BeforeAll
    final void prepare() throws Exception {
        authority = TestAuthority.create(Map.of(
                "server", signed("CN=localhost", "-ext", "san=dns:localhost,ip:127.0.0.1"),
                "ci", signed("CN=ci,O=Example"),
                "agent", signed("CN=any", "-ext", "san=uri:spiffe://example.test/agent"),
                "guest", signed("CN=guest,O=Example")));
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

    @AfterAll
    final void close() {
        containers.values().forEach(Container::close);
    }

    private Deployment deployment(String mode) {
        return ground.bare()
                .with("clients.file", folder.resolve("clients").toString())
                .with("clients.certificates", "file:" + folder.resolve("certificates"))
                .with("auth.certificate", mode)
                .at("/tls");
    }

    @ParameterizedTest
    @CsvSource({
        "allow,   -,     -,     401, -",
        "allow,   -,     ci,    200, ci",
        "allow,   ci,    -,     200, ci",
        "allow,   ci,    ci,    200, ci",
        "allow,   ci,    other, 401, -",
        "allow,   agent, -,     200, agent",
        "allow,   guest, other, 200, other",
        "allow,   guest, -,     401, -",
        "require, -,     ci,    401, -",
        "require, guest, ci,    401, -",
        "require, ci,    -,     200, ci",
        "require, ci,    ci,    200, ci",
        "require, agent, ci,    401, -",
        "require, guest, -,     401, -",
    })
    void decidesByCertificateAndToken(String mode, String certificate, String token, int status, String client)
            throws Exception {
        upstream.script(json(200, "{\"data\":[]}"));
        // Fields of the client's own do not count.
        var asked = RawRequest.of("GET", "/tls/v1/models")
                .field("x-api-key", OWN_KEY)
                .field("Client-Cert", sequence("ci"))
                .field("Client-Cert-Chain", sequence("ci"))
                .field("ssl_client_cert", "any");
        if (!token.equals("-")) {
            asked = asked.field("X-Warder-Token", tokens.get(token));
        }
        var tls = certificate.equals("-") ? authority.trusting() : authority.identified(certificate);
        var before = texts(REFUSALS, Level.INFO);
        try (var own = RawClient.connect(container(mode).baseUri(), tls)) {
            var answer = own.exchange(asked);
            assertThat(answer.status()).as(answer.text()).isEqualTo(status);
            if (status == 200) {
                assertThat(line(answer)).contains(" client=" + client + " ");
                assertNoFields(upstream.take().fields(), "client-cert", "client-cert-chain", "ssl_client_cert");
                assertThat(texts(REFUSALS, Level.INFO)).isEqualTo(before);
            } else {
                assertThat(upstream.requests()).isEmpty();
            }
        }
    }

    @Test
    void logsACertificateOfAnotherClientThanTheToken() throws Exception {
        var asked = RawRequest.of("GET", "/tls/v1/models").field("X-Warder-Token", tokens.get("other"));
        try (var own = RawClient.connect(container("allow").baseUri(), authority.identified("agent"))) {
            assertThat(own.exchange(asked).status()).isEqualTo(401);
        }
        assertThat(texts(REFUSALS, Level.INFO)).anySatisfy(line -> assertThat(line)
                .contains("another client than the access token (subject CN=any, access token named other)"));
    }

    /** The address that a server tells may be the one that the caller claims. */
    @Test
    void believesNoFrontEndOnAnApplicationServer() throws Exception {
        var refused = ground.container("front-end", deployment("allow").with("http.trustedProxies", "127.0.0.1"));
        assertThat(refused.deployed()).isFalse();
    }

    private Container container(String mode) throws Exception {
        var known = containers.get(mode);
        if (known == null) {
            boolean jetty = ground.container().name().startsWith("Jetty");
            known = jetty ? jetty(deployment(mode)) : tomcat(deployment(mode));
            containers.put(mode, known);
        }
        return known;
    }

    private Container jetty(Deployment deployment) throws Exception {
        var tls = new SslContextFactory.Server();
        tls.setSslContext(authority.identified("server"));
        tls.setWantClientAuth(true);
        return JettyContainer.start(deployment, Optional.of(tls));
    }

    private Container tomcat(Deployment deployment) throws Exception {
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
        return TomcatContainer.start(deployment, connector);
    }

    private String sequence(String alias) throws Exception {
        return ":"
                + Base64.getEncoder()
                        .encodeToString(authority.certificate(alias).getEncoded()) + ":";
    }
}
