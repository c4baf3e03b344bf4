package dev.warder.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * A throw-away CA and a certificate of it for {@code localhost} and 127.0.0.1, made with the {@code keytool} of this
 * JDK. Thread-safe.
 */
public final class TestCertificate {
    private static final String PASSWORD = "only-a-test";
    private static @Nullable TestCertificate shared;

    private final Path keys;
    private final Path trust;

    private TestCertificate(Path keys, Path trust) {
        this.keys = keys;
        this.trust = trust;
    }

    /** Makes a new CA and certificate in this folder; takes about a second. */
    public static TestCertificate create(Path folder) throws IOException, InterruptedException {
        return create(folder, "dns:localhost,ip:127.0.0.1");
    }

    /** The same for other names, listed as {@code keytool} takes them. */
    public static TestCertificate create(Path folder, String names) throws IOException, InterruptedException {
        return create(folder, names, "-keyalg EC");
    }

    /**
     * The same with a key of another kind.
     *
     * @param names none if it is empty; then only the common name is {@code localhost}
     * @param key the arguments of {@code keytool} for the key, and for the signature of the CA
     */
    public static TestCertificate create(Path folder, String names, String key)
            throws IOException, InterruptedException {
        SecretWatch.plant(PASSWORD);
        var keys = folder.resolve("keys.p12");
        var ca = folder.resolve("ca.pem").toString();
        var trust = folder.resolve("trust.p12");
        Keytool.run(
                PASSWORD,
                Stream.of(
                                "-genkeypair -keystore " + keys + " -alias ca -keyalg EC -dname CN=Test_CA -ext bc:c",
                                "-genkeypair -keystore " + keys + " -alias server " + key + " -dname CN=localhost"
                                        + " -signer ca" + (names.isEmpty() ? "" : " -ext san=" + names),
                                "-exportcert -keystore " + keys + " -rfc -alias ca -file " + ca,
                                "-importcert -keystore " + trust + " -noprompt -alias ca -file " + ca)
                        .map(command -> List.of(command.split(" ")))
                        .toList());
        return new TestCertificate(keys, trust);
    }

    /** The one certificate of this JVM, made at first use. */
    public static synchronized TestCertificate shared() throws IOException, InterruptedException {
        var made = shared;
        if (made == null) {
            made = create(TemporaryFolder.forThisJvm("certificate"));
            shared = made;
        }
        return made;
    }

    /** The CA's certificate as PEM. */
    public Path caPem() {
        return keys.resolveSibling("ca.pem");
    }

    /** The password of the PKCS#12 files. */
    public static String password() {
        return PASSWORD;
    }

    /** A context for clients that trust the CA and nobody else. */
    public SSLContext clientContext() {
        try {
            return trusting(load(trust));
        } catch (GeneralSecurityException | IOException broken) {
            throw new IllegalStateException(broken);
        }
    }

    static SSLContext trusting(KeyStore trust) throws GeneralSecurityException {
        return context(null, trust);
    }

    static SSLContext context(@Nullable KeyStore keys, @Nullable KeyStore trust) throws GeneralSecurityException {
        var own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        var trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        if (keys != null) {
            own.init(keys, PASSWORD.toCharArray());
        }
        if (trust != null) {
            trusted.init(trust);
        }
        var context = SSLContext.getInstance("TLS");
        context.init(
                keys == null ? null : own.getKeyManagers(), trust == null ? null : trusted.getTrustManagers(), null);
        return context;
    }

    /**
     * Makes the CA the only trusted one for this JVM, whether code asks {@link SSLContext#getDefault()} or the system
     * properties {@code javax.net.ssl.trustStore…}. Clients made earlier keep what they trust.
     */
    public void trustInThisJvm() {
        System.setProperty("javax.net.ssl.trustStore", trust.toString());
        System.setProperty("javax.net.ssl.trustStoreType", "PKCS12");
        System.setProperty("javax.net.ssl.trustStorePassword", PASSWORD);
        SSLContext.setDefault(clientContext());
    }

    /** Makes something in a JVM that trusts as {@link #trustInThisJvm} says, but only meanwhile. */
    public <T> T whileTrusted(Callable<T> maker) throws Exception {
        var before = SSLContext.getDefault();
        trustInThisJvm();
        try {
            return maker.call();
        } finally {
            SSLContext.setDefault(before);
            List.of("", "Type", "Password").forEach(end -> System.clearProperty("javax.net.ssl.trustStore" + end));
        }
    }

    /** A context that shows the certificate and trusts those of the CA, for servers that require certificates of clients. */
    public SSLContext mutualContext() throws GeneralSecurityException, IOException {
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(load(this.keys), PASSWORD.toCharArray());
        var trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(load(trust));
        var context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trusted.getTrustManagers(), null);
        return context;
    }

    /** The PKCS#12 file with the certificate and its key, with {@link #password}. */
    public Path pkcs12() {
        return keys;
    }

    /** The certificate under the alias {@code server} and the CA's under {@code ca}, with their keys under {@link #password}. */
    public KeyStore keys() throws GeneralSecurityException, IOException {
        return load(keys);
    }

    /** A context that shows the certificate. */
    public SSLContext serverContext() {
        try {
            var store = load(keys);
            store.deleteEntry("ca");
            return showing(store);
        } catch (GeneralSecurityException | IOException broken) {
            throw new IllegalStateException(broken);
        }
    }

    static SSLContext showing(KeyStore keys) throws GeneralSecurityException {
        return context(keys, null);
    }

    static KeyStore load(Path file) throws GeneralSecurityException, IOException {
        var store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }

    /**
     * The {@code keytool} of this JDK, in one process for all commands, which takes as long to start as they do. Its files
     * protect nothing, so that their keys are derived in one step instead of 10,000.
     */
    static final class Keytool {
        private static final String TOOL = "sun.security.tools.keytool";
        private static final List<String> OPTIONS = List.of(
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dkeystore.pkcs12.keyPbeIterationCount=1",
                "-Dkeystore.pkcs12.certPbeIterationCount=1",
                "-Dkeystore.pkcs12.macIterationCount=1",
                "--add-exports=java.base/" + TOOL + "=ALL-UNNAMED");

        private Keytool() {}

        /**
         * Runs commands on PKCS#12 files with this password, 60 s at most.
         *
         * @param commands each with what follows it, the file too
         */
        static void run(String password, List<List<String>> commands) throws IOException, InterruptedException {
            var command = new ArrayList<String>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(OPTIONS);
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), Keytool.class.getName()));
            var lines = commands.stream()
                    .map(each -> String.join("\t", each) + "\t-storetype\tPKCS12\t-storepass\t" + password)
                    .toList();
            var input = Files.write(Files.createTempFile("keytool", ".in"), lines);
            var log = Files.createTempFile("keytool", ".log");
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectInput(input.toFile())
                    .redirectOutput(log.toFile())
                    .start();
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException("keytool failed: " + Files.readString(log));
            }
            Files.delete(input);
            Files.delete(log);
        }

        /**
         * Runs the commands of standard input, a line each, whose arguments are divided by tabs; the tool ends the process
         * if one fails.
         */
        public static void main(String[] none) throws Exception {
            var tool = Class.forName(TOOL + ".Main").getMethod("main", String[].class);
            for (var line : new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                tool.invoke(null, (Object) line.split("\t"));
            }
        }
    }
}
