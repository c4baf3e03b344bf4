package dev.warder.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.config.Sources;
import dev.warder.testkit.LogCapture;
import dev.warder.testkit.LogLine;
import dev.warder.testkit.Openssl;
import dev.warder.testkit.ScriptedUpstream;
import dev.warder.testkit.TestCertificate;
import dev.warder.upstream.CompleteResponse.NoResponseException;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Certificates of both sides, in files of both forms, with a server that requires one of its authority. */
class TlsFilesTest {
    @TempDir
    private static Path one;

    @TempDir
    private static Path two;

    private static TestCertificate certificate;
    private static TestCertificate other;

    @TempDir
    private Path folder;

    private final Sources sources =
            new Sources().env("WORD", TestCertificate.password()).env("WRONG", "wrong");

    @BeforeAll
    static void makeCertificates() throws Exception {
        certificate = TestCertificate.create(one, "dns:localhost");
        other = TestCertificate.create(two, "dns:localhost");
    }

    @ParameterizedTest
    @CsvSource({"pair", "joined", "pkcs12"})
    void identifiesItselfByItsCertificate(String form) throws Exception {
        trust(certificate);
        switch (form) {
            case "pair" -> keystore(pem("cert", chain(certificate)) + ";" + pem("key", key(certificate)));
            case "joined" -> keystore(pem("both", "as openssl prints it:\n" + key(certificate) + chain(certificate)));
            default -> keystore(pkcs12(certificate).toString()).set("upstream.keystorePassword", "env:WORD");
        }
        assertThat(subject(context())).contains("CN=localhost");
    }

    @Test
    void hasNoCertificateUnlessOneIsSet() throws Exception {
        trust(certificate);
        assertThatThrownBy(() -> subject(context())).isInstanceOf(IOException.class);
    }

    /** The file is beside the authorities of the JVM, of which one is looked for. */
    @Test
    void trustsItsAuthoritiesBesideThoseOfTheJvm() throws Exception {
        certificate.whileTrusted(() -> {
            trust(other);
            keystore(pkcs12(certificate).toString()).set("upstream.keystorePassword", "env:WORD");
            return assertThat(subject(context())).contains("CN=localhost");
        });
    }

    @Test
    void readsChangedFilesAgain() throws Exception {
        Path ca = Files.copy(other.caPem(), folder.resolve("ca.pem"));
        sources.set("upstream.truststore", ca.toString());
        keystore(pem("cert", chain(other)) + ";" + pem("key", key(other)));
        var outbound = sources.read().upstream().outbound();
        var before = outbound.context().orElseThrow();
        // Another authority of the same name, and none of its name.
        for (var untrusting : List.of(before, SSLContext.getDefault())) {
            assertThatThrownBy(() -> subject(untrusting)).satisfies(lost -> assertThat(NoResponseException.words(lost))
                    .isEqualTo("the TLS handshake failed: its certificate is of no known authority,"
                            + " see upstream.truststore"));
        }
        sources.files.poll();
        assertThat(outbound.context()).containsSame(before);
        pem("cert", chain(certificate));
        pem("key", key(certificate));
        Files.write(ca, Files.readAllBytes(certificate.caPem()));
        sources.files.poll();
        assertThat(subject(outbound.context().orElseThrow())).contains("CN=localhost");
        pem("key", "nothing");
        sources.files.poll();
        assertThat(subject(outbound.context().orElseThrow())).contains("CN=localhost");
        pem("key", key(other));
        sources.files.poll();
        assertThat(subject(outbound.context().orElseThrow()))
                .as("the certificate is that of the earlier key")
                .contains("CN=localhost");
    }

    @Test
    void trustsChangedAuthoritiesWhileACertificateAndAKeyDoNotBelongTogether() throws Exception {
        Path ca = Files.copy(other.caPem(), folder.resolve("ca.pem"));
        sources.set("upstream.truststore", ca.toString());
        keystore(pem("cert", chain(certificate)) + ";" + pem("key", key(certificate)));
        var outbound = sources.read().upstream().outbound();
        pem("key", key(other));
        Files.write(ca, Files.readAllBytes(certificate.caPem()));
        sources.files.poll();
        assertThat(subject(outbound.context().orElseThrow())).contains("CN=localhost");
    }

    @ParameterizedTest
    @CsvSource({
        "x509 -in %1$s -trustout -out ca.trusted, true",
        "x509 -in %1$s -addtrust serverAuth -out ca.trusted, true",
        "x509 -in %1$s -addtrust anyExtendedKeyUsage -setalias authority -out ca.trusted, true",
        "x509 -in %1$s -addtrust emailProtection -out ca.trusted, false",
        "x509 -in %1$s -addreject serverAuth -out ca.trusted, false",
        "x509 -in %1$s -addtrust serverAuth -addreject anyExtendedKeyUsage -out ca.trusted, false",
        "x509 -in %1$s -addreject emailProtection -out ca.trusted, true",
    })
    void readsAuthoritiesWithTheTrustThatOpensslGivesThem(String command, boolean trusted) throws Exception {
        Openssl.run(folder, command.formatted(certificate.caPem()).split(" "));
        var block = Files.readString(folder.resolve("ca.trusted"));
        assertThat(block).startsWith("-----BEGIN TRUSTED CERTIFICATE-----");
        try (var log = LogCapture.start()) {
            sources.set("upstream.truststore", pem("mixed", authority(other) + block));
            keystore(pem("cert", chain(certificate)) + ";" + pem("key", key(certificate)));
            if (trusted) {
                assertThat(subject(context())).contains("CN=localhost");
            } else {
                assertThatThrownBy(() -> subject(context())).isInstanceOf(IOException.class);
            }
            assertThat(texts(log))
                    .isEqualTo(
                            trusted
                                    ? List.of()
                                    : List.of(
                                            "upstream.truststore: a block is skipped:"
                                                    + " TRUSTED CERTIFICATE that its own settings do not trust for TLS servers"));
        }
    }

    /** They are settings of authorities. */
    @Test
    void ignoresTheTrustSettingsOfItsOwnCertificate() throws Exception {
        trust(certificate);
        var leaf = pem("leaf", chain(certificate));
        Openssl.run(folder, "x509", "-in", leaf, "-addreject", "serverAuth", "-out", "leaf.trusted");
        try (var log = LogCapture.start()) {
            keystore(folder.resolve("leaf.trusted") + ";" + pem("key", key(certificate)));
            assertThat(subject(context())).contains("CN=localhost");
            assertThat(texts(log)).isEmpty();
        }
    }

    @Test
    void namesABlockThatItSkips() throws Exception {
        try (var log = LogCapture.start()) {
            sources.set(
                    "upstream.truststore",
                    pem(
                            "old",
                            authority(certificate).replace(" CERTIFICATE", " X509 CERTIFICATE")
                                    + block("X509 CRL", new byte[3])));
            keystore(pem("cert", chain(certificate)) + ";" + pem("key", key(certificate)));
            assertThat(subject(context())).contains("CN=localhost");
            assertThat(texts(log)).containsExactly("upstream.truststore: a block is skipped: X509 CRL");
        }
    }

    @Test
    void saysHowToConvertAuthoritiesThatJavaDoesNotSee() throws Exception {
        String ca = certificate.caPem().toString();
        Openssl.run(
                folder,
                "pkcs12",
                "-export",
                "-nokeys",
                "-in",
                ca,
                "-out",
                "ca.p12",
                "-passout",
                "pass:" + TestCertificate.password());
        sources.set("upstream.truststore", folder.resolve("ca.p12").toString())
                .set("upstream.truststorePassword", "env:WORD");
        assertThat(sources.problem()).contains("convert it to PEM with openssl pkcs12 -in FILE -nokeys -out FILE.pem");
    }

    private static List<String> texts(LogCapture log) {
        return log.lines("dev.warder", Level.WARNING).stream()
                .map(LogLine::text)
                .toList();
    }

    private static String authority(TestCertificate of) throws IOException {
        return Files.readString(of.caPem());
    }

    @Test
    void refusesWhatItCannotUse() throws Exception {
        trust(certificate);
        assertThat(keystore(pem("cert", chain(certificate))).problems())
                .containsExactly("upstream.keystore: must have a certificate and its private key");
        assertThat(keystore(pem("mixed", chain(certificate) + key(other))).problems())
                .containsExactly(
                        "upstream.keystore: has a certificate and a key that do not belong together, or an invalid chain");
        assertThat(keystore(pem("old", block("RSA PRIVATE KEY", new byte[3]))).problem())
                .contains("convert it with openssl pkcs8 -topk8 -nocrypt");
        assertThat(keystore(pem("junk", "junk")).problem()).contains("has neither a certificate nor a key");
        assertThat(keystore(pkcs12(certificate).toString()).problem()).contains("is neither PEM nor PKCS#12 with");
        assertThat(sources.set("upstream.keystorePassword", "env:WRONG").problem())
                .contains("is neither PEM nor PKCS#12 with the password that is set");
    }

    private void trust(TestCertificate trusted) {
        sources.set("upstream.truststore", trusted.caPem().toString());
    }

    private Sources keystore(String files) {
        return sources.set("upstream.keystore", files);
    }

    private SSLContext context() {
        return sources.read().upstream().outbound().context().orElseThrow();
    }

    private String pem(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    /** With the key of the server's certificate alone. */
    private Path pkcs12(TestCertificate of) throws Exception {
        var store = store(of);
        store.deleteEntry("ca");
        var file = folder.resolve("client.p12");
        try (var out = Files.newOutputStream(file)) {
            store.store(out, TestCertificate.password().toCharArray());
        }
        return file;
    }

    private static String key(TestCertificate of) throws Exception {
        var key = store(of).getKey("server", TestCertificate.password().toCharArray());
        return block("PRIVATE KEY", key.getEncoded());
    }

    private static String chain(TestCertificate of) throws Exception {
        var blocks = new StringBuilder();
        for (Certificate each : store(of).getCertificateChain("server")) {
            blocks.append(block("CERTIFICATE", each.getEncoded()));
        }
        return blocks.toString();
    }

    private static String block(String name, byte[] content) {
        return "-----BEGIN " + name + "-----\n" + Base64.getMimeEncoder().encodeToString(content) + "\n-----END " + name
                + "-----\n";
    }

    private static KeyStore store(TestCertificate of) throws Exception {
        return KeyStore.getInstance(
                of.pkcs12().toFile(), TestCertificate.password().toCharArray());
    }

    /** The subject of the certificate that the client shows to a server which requires one. */
    private static String subject(SSLContext client) throws Exception {
        try (var listener = (SSLServerSocket) certificate
                        .mutualContext()
                        .getServerSocketFactory()
                        .createServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var socket = (SSLSocket) client.getSocketFactory().createSocket("localhost", listener.getLocalPort())) {
            listener.setNeedClientAuth(true);
            var shown = new CompletableFuture<String>();
            ScriptedUpstream.daemon("server", () -> {
                        try (var accepted = (SSLSocket) listener.accept()) {
                            accepted.setNeedClientAuth(true);
                            accepted.getOutputStream().write(1);
                            var session = accepted.getSession();
                            shown.complete(session.getPeerPrincipal().getName());
                        } catch (Exception refused) {
                            shown.completeExceptionally(refused);
                        }
                    })
                    .start();
            if (socket.getInputStream().read() < 0) {
                throw new IOException("closed");
            }
            return shown.get(10, TimeUnit.SECONDS);
        }
    }
}
