package dev.warder.upstream;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.security.SignatureException;
import java.security.cert.CertPathBuilderException;
import java.util.Objects;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ConnectTimeoutException;

/**
 * No complete response arrived. The message gives the reason in Warder's own words, for the place after the words
 * {@code the upstream}.
 */
public final class NoResponseException extends IOException {
    private NoResponseException(String message) {
        super(message);
    }

    static NoResponseException tooLong(int limit) {
        return new NoResponseException("returned more than " + limit + " bytes");
    }

    /** Made without the cause, whose message could contain text from the upstream. */
    static NoResponseException of(Exception cause) {
        return new NoResponseException("could not be asked: " + words(cause));
    }

    /** Why no connection was made or kept, without text of the other side. */
    public static String words(Throwable cause) {
        if (cause instanceof ProxyException proxy) {
            return proxy.words();
        }
        if (cause instanceof UnknownHostException) {
            return "its host is not known";
        }
        if (cause instanceof SSLException) {
            return "the TLS handshake failed" + ifUntrusted(cause);
        }
        if (cause instanceof ConnectException || cause instanceof ConnectTimeoutException) {
            return "no connection";
        }
        return "the connection was lost or the response is no HTTP";
    }

    /** Text to end a message with; empty unless the other side's certificate is of no known authority. */
    public static String ifUntrusted(Throwable cause) {
        return Stream.iterate(cause, Objects::nonNull, Throwable::getCause)
                        .anyMatch(
                                each -> each instanceof CertPathBuilderException || each instanceof SignatureException)
                ? ": its certificate is of no known authority, see upstream.truststore"
                : "";
    }
}
