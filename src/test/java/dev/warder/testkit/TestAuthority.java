package dev.warder.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A throw-away certificate authority that issues whatever certificate a test asks for, good or bad, with the
 * {@code keytool} of this JDK; half a second each. One thread at a time.
 */
public final class TestAuthority {
    private static final String PASSWORD = "only-a-test";

    private final Path keys;

    private TestAuthority(Path keys) {
        this.keys = keys;
    }

    /** A new authority with an RSA key. */
    public static TestAuthority create() throws IOException, InterruptedException {
        var authority =
                new TestAuthority(TemporaryFolder.forThisJvm("authority").resolve("keys.p12"));
        authority.keytool("-genkeypair", "-alias", "ca", "-keyalg", "RSA", "-dname", "CN=Fault CA", "-ext", "bc:c");
        return authority;
    }

    /** Issues a certificate under this alias, with these further arguments of {@code keytool -genkeypair}. */
    public void issue(String alias, String... more) throws IOException, InterruptedException {
        var arguments = new ArrayList<>(List.of("-genkeypair", "-alias", alias, "-dname", "CN=localhost"));
        arguments.addAll(List.of(more));
        keytool(arguments.toArray(String[]::new));
    }

    /** Makes this authority the only trusted one for clients of this JVM that are made from now on. */
    public void trustInThisJvm() {
        try {
            SSLContext.setDefault(trusting());
        } catch (GeneralSecurityException | IOException broken) {
            throw new IllegalStateException(broken);
        }
    }

    private SSLContext trusting() throws GeneralSecurityException, IOException {
        var trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        trust.setCertificateEntry("ca", load().getCertificate("ca"));
        var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trust);
        var context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }

    /** A context that shows the certificate under this alias, for servers. */
    public SSLContext showing(String alias) throws GeneralSecurityException, IOException {
        var all = load();
        var one = KeyStore.getInstance("JKS");
        one.load(null, null);
        var password = PASSWORD.toCharArray();
        one.setKeyEntry("server", all.getKey(alias, password), password, all.getCertificateChain(alias));
        var managers = KeyManagerFactory.getInstance("SunX509");
        managers.init(one, password);
        var context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    private KeyStore load() throws GeneralSecurityException, IOException {
        var store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }

    private void keytool(String... arguments) throws IOException, InterruptedException {
        Keytool.run(keys, PASSWORD, List.of(arguments));
    }
}
