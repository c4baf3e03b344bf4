package dev.warder.upstream;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ConnectTimeoutException;

/**
 * No complete response arrived. The message gives the reason in Warder's own words, for the place after the words
 * {@code the upstream}.
 */
public final class UnansweredException extends IOException {
    private static final long serialVersionUID = 1;

    private UnansweredException(String message) {
        super(message);
    }

    static UnansweredException tooLong(int limit) {
        return new UnansweredException("answered with more than " + limit + " bytes");
    }

    /** Made without the cause, whose message could contain text from the upstream. */
    static UnansweredException of(Exception cause) {
        return new UnansweredException("could not be asked: " + words(cause));
    }

    private static String words(Exception cause) {
        if (cause instanceof UnknownHostException) {
            return "its host is not known";
        }
        if (cause instanceof SSLException) {
            return "the TLS handshake failed";
        }
        if (cause instanceof ConnectException || cause instanceof ConnectTimeoutException) {
            return "no connection";
        }
        return "the connection was lost or the response is no HTTP";
    }
}
