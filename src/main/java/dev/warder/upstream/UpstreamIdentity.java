package dev.warder.upstream;

import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.apache.hc.client5.http.ssl.HttpsSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides after the handshake, before a request is sent, whether the upstream is the intended one. It checks the name
 * (RFC 9110, section 4.3.4), and requires keys and signatures that cannot be forged. Java's own constraints accept RSA
 * keys of 1024 bits, and SHA-1 from an authority that is not shipped with Java. Immutable; thread-safe.
 */
final class UpstreamIdentity implements HostnameVerifier {
    private static final Logger LOG = LoggerFactory.getLogger(UpstreamIdentity.class);

    /** NIST SP 800-57 part 1, table 2: 112 bits of security. */
    private static final int SHORTEST_RSA_KEY = 2048;

    private final HostnameVerifier names = HttpsSupport.getDefaultHostnameVerifier();

    @Override
    public boolean verify(String host, SSLSession session) {
        try {
            var weakness = weakness(session.getPeerCertificates());
            weakness.ifPresent(reason -> LOG.warn("TLS certificate of {} refused: {}", host, reason));
            return weakness.isEmpty() && names.verify(host, session);
        } catch (SSLPeerUnverifiedException noCertificate) {
            return false;
        }
    }

    /** Why a chain is refused; its first certificate is the upstream's own. */
    static Optional<String> weakness(Certificate... chain) {
        for (var certificate : chain) {
            if (certificate.getPublicKey() instanceof RSAKey key
                    && key.getModulus().bitLength() < SHORTEST_RSA_KEY) {
                return Optional.of("RSA key of fewer than " + SHORTEST_RSA_KEY + " bits");
            }
            if (certificate instanceof X509Certificate x509 && !isRoot(x509) && isWeak(x509.getSigAlgName())) {
                return Optional.of("signature by " + x509.getSigAlgName());
            }
        }
        return Optional.empty();
    }

    /** The signature of a root proves nothing: the root is trusted because it is in the trust store. */
    private static boolean isRoot(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
    }

    private static boolean isWeak(String algorithm) {
        String name = algorithm.toUpperCase(Locale.ROOT);
        return name.startsWith("SHA1") || name.startsWith("MD5") || name.startsWith("MD2");
    }
}
