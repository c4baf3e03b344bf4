package dev.warder.upstream;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.config.DerValue;
import dev.warder.config.InvalidValueException;
import dev.warder.config.Secret;
import dev.warder.config.Setting;
import dev.warder.config.SettingReader;
import dev.warder.config.ValueSyntax;
import dev.warder.config.WatchedFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of certificates for connections that Warder opens, settings {@code upstream.truststore} and {@code
 * upstream.keystore}: the authorities that it trusts beside the JVM's, and what it identifies itself with. A changed file counts
 * for new connections. Thread-safe.
 */
final class TlsFiles {
    /** One file. A key comes with its chain alone. */
    private record Content(List<X509Certificate> certificates, Optional<PrivateKey> key) {}

    private static final Logger LOG = LoggerFactory.getLogger(UpstreamClient.class);

    private static final String PKCS12 = "PKCS12";

    /** PKCS#12 is DER, a sequence. */
    private static final byte DER = 0x30;

    private static final Pattern PEM =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");

    /** The algorithms of keys, and how such a key signs. */
    private static final Map<String, String> SIGNATURES =
            Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA");

    /** The uses "TLS server" and "any" (RFC 5280, section 4.2.1.12). */
    private static final Set<String> SERVERS = Set.of("1.3.6.1.5.5.7.3.1", "2.5.29.37.0");

    private static final int REFUSED_USES = 0xa0;

    private static final char[] IN_MEMORY = {};

    private final List<WatchedFile<Content>> trusted;
    private final List<WatchedFile<Content>> own;

    /** The contents that were looked at last. */
    @GuardedBy("this")
    private List<Content> seen;

    /** They present the last certificate that belonged to its key; null for none. */
    @GuardedBy("this")
    private KeyManager @Nullable [] keys;

    @GuardedBy("this")
    private SSLContext context;

    /** The problem that the log names already; empty for none. */
    @GuardedBy("this")
    private String logged = "";

    private TlsFiles(List<WatchedFile<Content>> trusted, List<WatchedFile<Content>> own) throws InvalidValueException {
        this.trusted = trusted;
        this.own = own;
        seen = contents();
        keys = keyManagers();
        context = make();
    }

    /** Empty if neither setting is there, or if there is a problem. */
    static Optional<TlsFiles> read(SettingReader settings) {
        var trusted = files(settings, Setting.UPSTREAM_TRUSTSTORE, Setting.UPSTREAM_TRUSTSTORE_PASSWORD);
        var own = files(settings, Setting.UPSTREAM_KEYSTORE, Setting.UPSTREAM_KEYSTORE_PASSWORD);
        try {
            return trusted.isEmpty() && own.isEmpty() ? Optional.empty() : Optional.of(new TlsFiles(trusted, own));
        } catch (InvalidValueException unusable) {
            settings.problem(
                    own.isEmpty() ? Setting.UPSTREAM_TRUSTSTORE : Setting.UPSTREAM_KEYSTORE, unusable.reason());
            return Optional.empty();
        }
    }

    /** The password is watched before its file: if both change, it is read first. */
    private static List<WatchedFile<Content>> files(SettingReader settings, Setting setting, Setting secret) {
        var password = settings.secret(secret, Secret.Rule.ANY);
        ValueSyntax.Parser<List<WatchedFile<Content>>> watching = paths -> {
            var files = new ArrayList<WatchedFile<Content>>();
            for (var path : paths.split(";")) {
                files.add(settings.watch(
                        setting, ValueSyntax.path(path.strip()), file -> parse(setting, file, password)));
            }
            return files;
        };
        return settings.find(setting, watching).orElse(List.of());
    }

    /** The context for a new connection: with an earlier certificate while that and the key do not belong together. */
    synchronized SSLContext context() {
        var now = contents();
        if (!now.equals(seen)) {
            seen = now;
            String problem = "";
            try {
                keys = keyManagers();
            } catch (InvalidValueException unusable) {
                problem = "upstream.keystore: " + unusable.reason();
            }
            try {
                context = make();
            } catch (InvalidValueException unusable) {
                // Not the files: the next connection tries again.
                seen = List.of();
                problem = "upstream.truststore: " + unusable.reason();
            }
            if (!problem.isEmpty() && !problem.equals(logged)) {
                LOG.warn("{}; what was read before stays in use", problem);
            }
            logged = problem;
        }
        return context;
    }

    private List<Content> contents() {
        return Stream.concat(trusted.stream(), own.stream())
                .map(WatchedFile::current)
                .toList();
    }

    @GuardedBy("this")
    private SSLContext make() throws InvalidValueException {
        try {
            var made = SSLContext.getInstance("TLS");
            made.init(keys, trustManagers(), null);
            return made;
        } catch (GeneralSecurityException | IOException unusable) {
            throw new InvalidValueException("the authorities of Java cannot be read ("
                    + unusable.getClass().getSimpleName() + ")");
        }
    }

    private static KeyStore inMemory() throws GeneralSecurityException, IOException {
        var store = KeyStore.getInstance(PKCS12);
        store.load(null, null);
        return store;
    }

    /** Null for those of the JVM. */
    private TrustManager @Nullable [] trustManagers() throws GeneralSecurityException, IOException {
        if (trusted.isEmpty()) {
            return null;
        }
        var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init((KeyStore) null);
        var all = inMemory();
        for (var manager : managers.getTrustManagers()) {
            if (manager instanceof X509TrustManager known) {
                for (var authority : known.getAcceptedIssuers()) {
                    all.setCertificateEntry("authority" + all.size(), authority);
                }
            }
        }
        for (var file : trusted) {
            for (var authority : file.current().certificates) {
                all.setCertificateEntry("authority" + all.size(), authority);
            }
        }
        managers.init(all);
        return managers.getTrustManagers();
    }

    /** Null for none. */
    private KeyManager @Nullable [] keyManagers() throws InvalidValueException {
        if (own.isEmpty()) {
            return null;
        }
        var contents = own.stream().map(WatchedFile::current).toList();
        var chain =
                contents.stream().flatMap(each -> each.certificates.stream()).toArray(X509Certificate[]::new);
        var key = contents.stream().flatMap(each -> each.key.stream()).findFirst();
        if (chain.length == 0 || key.isEmpty()) {
            throw new InvalidValueException("must have a certificate and its private key");
        }
        try {
            requireSigned(key.get(), chain[0]);
            var store = inMemory();
            store.setKeyEntry("client", key.get(), IN_MEMORY, chain);
            var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(store, IN_MEMORY);
            return managers.getKeyManagers();
        } catch (GeneralSecurityException | IOException unusable) {
            throw new InvalidValueException(
                    "has a certificate and a key that do not belong together, or an invalid chain");
        }
    }

    private static void requireSigned(PrivateKey key, X509Certificate certificate) throws GeneralSecurityException {
        var signature = Signature.getInstance(SIGNATURES.getOrDefault(key.getAlgorithm(), key.getAlgorithm()));
        signature.initSign(key);
        signature.update(DER);
        byte[] signed = signature.sign();
        signature.initVerify(certificate.getPublicKey());
        signature.update(DER);
        if (!signature.verify(signed)) {
            throw new InvalidKeyException();
        }
    }

    private static Content parse(Setting setting, byte[] file, Optional<Secret> password) throws InvalidValueException {
        Content content;
        try {
            content = file.length > 0 && file[0] == DER
                    ? pkcs12(
                            file,
                            password.map(each -> each.reveal().toCharArray()).orElse(IN_MEMORY))
                    : pem(setting, new String(file, StandardCharsets.ISO_8859_1));
        } catch (GeneralSecurityException | IOException | IllegalArgumentException unreadable) {
            throw new InvalidValueException("is neither PEM nor PKCS#12 with the password that is set");
        }
        if (content.certificates.isEmpty() && content.key.isEmpty()) {
            throw new InvalidValueException("has neither a certificate nor a key");
        }
        return content;
    }

    private static Content pkcs12(byte[] file, char[] password)
            throws GeneralSecurityException, IOException, InvalidValueException {
        var store = KeyStore.getInstance(PKCS12);
        store.load(new ByteArrayInputStream(file), password);
        var authorities = new ArrayList<X509Certificate>();
        for (var alias : Collections.list(store.aliases())) {
            if (store.getKey(alias, password) instanceof PrivateKey key) {
                var chain = Arrays.stream(store.getCertificateChain(alias)).map(X509Certificate.class::cast);
                return new Content(chain.toList(), Optional.of(key));
            }
            authorities.add((X509Certificate) store.getCertificate(alias));
        }
        if (authorities.isEmpty()) {
            throw new InvalidValueException("has no key, and no certificate that is marked as trusted for Java;"
                    + " convert it to PEM with openssl pkcs12 -in FILE -nokeys -out FILE.pem");
        }
        return new Content(authorities, Optional.empty());
    }

    private static Content pem(Setting setting, String text) throws GeneralSecurityException, InvalidValueException {
        var certificates = new ArrayList<X509Certificate>();
        var key = Optional.<PrivateKey>empty();
        var blocks = PEM.matcher(text);
        while (blocks.find()) {
            var block = Base64.getMimeDecoder().decode(blocks.group(2));
            String label = blocks.group(1);
            switch (label) {
                case "CERTIFICATE", "X509 CERTIFICATE" -> certificates.add(certificate(block));
                case "TRUSTED CERTIFICATE" -> {
                    if (setting == Setting.UPSTREAM_KEYSTORE || isTrustedForServers(block)) {
                        certificates.add(certificate(block));
                    } else {
                        skipped(setting, label + " that its own settings do not trust for TLS servers");
                    }
                }
                case "PRIVATE KEY" -> key = Optional.of(privateKey(block));
                case "RSA PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY" ->
                    throw new InvalidValueException(
                            "has a key that is not PKCS#8 in the clear; convert it with openssl pkcs8 -topk8 -nocrypt");
                default -> skipped(setting, label);
            }
        }
        return new Content(certificates, key);
    }

    private static void skipped(Setting setting, String block) {
        LOG.warn("{}: a block is skipped: {}", setting.publicName(), block);
    }

    /** Bytes after the certificate in its block are not read. */
    private static X509Certificate certificate(byte[] block) throws GeneralSecurityException {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(block));
    }

    /**
     * Whether openssl would trust an authority for servers: a list of uses, if there is one, and a list of refused ones follow the
     * certificate (openssl-x509, "Trust Options").
     */
    private static boolean isTrustedForServers(byte[] block) {
        boolean trusted = true;
        for (var settings : DerValue.all(block).stream().skip(1).toList()) {
            for (var each : settings.parts()) {
                boolean refuses = each.tag() == REFUSED_USES;
                if (refuses || each.tag() == DerValue.SEQUENCE) {
                    trusted &= refuses
                            != each.parts().stream()
                                    .map(DerValue::objectIdentifier)
                                    .anyMatch(SERVERS::contains);
                }
            }
        }
        return trusted;
    }

    private static PrivateKey privateKey(byte[] encoded) throws GeneralSecurityException {
        for (var algorithm : SIGNATURES.keySet()) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
            } catch (InvalidKeySpecException another) {
                // The key's encoding names its algorithm, which no other factory accepts.
            }
        }
        throw new InvalidKeyException();
    }
}
