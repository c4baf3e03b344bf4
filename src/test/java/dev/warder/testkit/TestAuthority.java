package dev.warder.testkit;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/**
 * A throw-away certificate authority that issues whatever certificate a test asks for, good or bad, with the
 * {@code keytool} of this JDK. One thread at a time.
 */
public final class TestAuthority {
    private final Path keys;

    private TestAuthority(Path keys) {
        this.keys = keys;
    }

    /**
     * A new authority with an RSA key and the alias {@code ca}, and the certificates that it or another of them signs.
     *
     * @param certificates by their alias: further arguments of {@code keytool -genkeypair}
     */
    public static TestAuthority create(Map<String, List<String>> certificates)
            throws IOException, InterruptedException {
        var keys = TemporaryFolder.forThisJvm("authority").resolve("keys.p12");
        var commands = new ArrayList<List<String>>();
        var generate = List.of("-genkeypair", "-keystore", keys.toString(), "-alias");
        commands.add(with(generate, List.of("ca", "-keyalg", "RSA", "-dname", "CN=Fault CA", "-ext", "bc:c")));
        certificates.forEach(
                (alias, more) -> commands.add(with(with(generate, List.of(alias, "-dname", "CN=localhost")), more)));
        TestCertificate.Keytool.run(TestCertificate.password(), commands);
        return new TestAuthority(keys);
    }

    private static List<String> with(List<String> first, List<String> more) {
        return Stream.concat(first.stream(), more.stream()).toList();
    }

    /** Makes this authority the only trusted one for clients of this JVM that are made from now on. */
    public void trustInThisJvm() {
        try {
            SSLContext.setDefault(trusting());
        } catch (GeneralSecurityException | IOException broken) {
            throw new IllegalStateException(broken);
        }
    }

    /** A context that shows no certificate, and trusts this authority only. */
    public SSLContext trusting() throws GeneralSecurityException, IOException {
        return TestCertificate.trusting(trust());
    }

    /** Nothing but this authority's certificate. */
    public KeyStore trust() throws GeneralSecurityException, IOException {
        var trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        trust.setCertificateEntry("ca", certificate("ca"));
        return trust;
    }

    /** The certificate under this alias. */
    public X509Certificate certificate(String alias) throws GeneralSecurityException, IOException {
        return (X509Certificate) TestCertificate.load(keys).getCertificate(alias);
    }

    /** A context that shows the certificate under this alias, and trusts this authority only. */
    public SSLContext identified(String alias) throws GeneralSecurityException, IOException {
        return TestCertificate.context(keys(alias), trust());
    }

    /** The same, for servers whose certificates are of another authority. */
    public SSLContext identified(String alias, TestAuthority servers) throws GeneralSecurityException, IOException {
        return TestCertificate.context(keys(alias), servers.trust());
    }

    /** A context that shows the certificate under this alias, for servers. */
    public SSLContext showing(String alias) throws GeneralSecurityException, IOException {
        return TestCertificate.showing(keys(alias));
    }

    /** The certificate under this alias and its key, under {@link TestCertificate#password}. */
    public KeyStore keys(String alias) throws GeneralSecurityException, IOException {
        var one = TestCertificate.load(keys);
        for (var other : Collections.list(one.aliases())) {
            if (!other.equalsIgnoreCase(alias)) {
                one.deleteEntry(other);
            }
        }
        return one;
    }
}
