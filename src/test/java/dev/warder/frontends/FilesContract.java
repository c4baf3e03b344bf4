package dev.warder.frontends;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.ScriptedUpstream;
import dev.warder.testkit.TemporaryFolder;
import dev.warder.testkit.TestCertificate;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The files of {@code conf/} as they are and with the lines for the certificates of clients to each server: the front end's
 * check of them, and what a node gets of the fields from which servers read a certificate.
 */
abstract class FilesContract implements Pair {
    private static final String FORGED = "forged";

    /** {@code $WS…} are all private fields of Liberty, which reads what a front end tells of the connection from them. */
    private static final List<String> TRUSTED = List.of(
            "Proxy-auth-cert",
            "Client-Cert",
            "Client-Cert-Chain",
            "SSL_CLIENT_CERT",
            "ssl_client_escaped_cert",
            "ssl_cipher",
            "ssl_cipher_usekeysize",
            "ssl_session_id",
            "$WSAT",
            "$WSATO",
            "$WSCC",
            "$WSCS",
            "$WSEP",
            "$WSFO",
            "$WSIS",
            "$WSODRINFO",
            "$WSORIGCL",
            "$WSPC",
            "$WSPR",
            "$WSPT",
            "$WSRA",
            "$WSRH",
            "$WSRU",
            "$WSSC",
            "$WSSI",
            "$WSSN",
            "$WSSP",
            "$WSZIP");

    @ParameterizedTest
    @ValueSource(strings = {"", "jar", "tomcat", "wildfly", "liberty"})
    void areFoundValidWithoutAWarning(String server) throws Exception {
        assumeTrue(kind().offers(server));
        var folder = TemporaryFolder.create("files");
        var pem = Site.PemFiles.write(TestCertificate.shared().keys(), folder);
        var nodes = List.of(URI.create("http://127.0.0.1:8081"), URI.create("http://127.0.0.1:8082"));
        var site = new Site(folder, 8443, nodes, pem, server);
        kind().prepare(site);
        var process = kind().check(site).redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said.toLowerCase(Locale.ROOT)).doesNotContain("warn", "alert", "could not", "deprecated");
        TemporaryFolder.delete(folder);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "jar", "tomcat", "wildfly", "liberty"})
    void sendOnlyTheCertificateOfTheConnection(String server) throws Exception {
        assumeTrue(kind().offers(server));
        var certificate = TestCertificate.shared();
        try (var node = ScriptedUpstream.plain().script((request, reply) -> reply.json(200, request.rawHead()));
                var front =
                        RunningFrontEnd.start(kind(), List.of(node.uri(), node.uri()), certificate.keys(), server)) {
            assertThat(trusted(front, certificate.clientContext())).isEmpty();
            assertThat(trusted(front, certificate.mutualContext()))
                    .hasSize(server.isEmpty() ? 0 : 1)
                    .allMatch(line -> !line.contains(FORGED));
        }
    }

    /**
     * The lines of such fields that the node gets when the client sends them all. The client does not name the server before
     * the last line: until then nginx goes by the default server of the port.
     */
    private static List<String> trusted(RunningFrontEnd front, SSLContext tls) throws Exception {
        var request = RawRequest.bare("GET", "/seen");
        TRUSTED.forEach(name -> request.field(name, FORGED));
        try (var client = RawClient.connect(front.uri(), tls)) {
            var seen = client.exchange(request.field("Host", "gateway.example.com"));
            assertThat(seen.status()).as(seen.text()).isEqualTo(200);
            return seen.text()
                    .lines()
                    .filter(line -> TRUSTED.stream().anyMatch(name -> names(line, name)))
                    .toList();
        }
    }

    private static boolean names(String line, String field) {
        return line.regionMatches(true, 0, field + ":", 0, field.length() + 1);
    }
}
