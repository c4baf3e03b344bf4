package dev.warder.frontends;

import dev.warder.testkit.TestCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;

/**
 * The test's certificate as front ends take it.
 *
 * @param chain the certificate and its CA
 * @param key the key alone
 * @param both the chain, then the key
 */
record PemFiles(Path chain, Path key, Path both) {
    /** Writes the three files. */
    static PemFiles write(TestCertificate certificate, Path folder) throws IOException, GeneralSecurityException {
        var keys = KeyStore.getInstance("PKCS12");
        var password = TestCertificate.password().toCharArray();
        try (InputStream in = Files.newInputStream(certificate.caPem().resolveSibling("keys.p12"))) {
            keys.load(in, password);
        }
        var chain = new StringBuilder();
        for (var link : keys.getCertificateChain("server")) {
            chain.append(pem("CERTIFICATE", link.getEncoded()));
        }
        var key = pem("PRIVATE KEY", keys.getKey("server", password).getEncoded());
        return new PemFiles(
                Files.writeString(folder.resolve("chain.pem"), chain),
                Files.writeString(folder.resolve("key.pem"), key),
                Files.writeString(folder.resolve("both.pem"), chain + key));
    }

    private static String pem(String kind, byte[] bytes) {
        var text = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(bytes);
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(kind, text, kind);
    }
}
