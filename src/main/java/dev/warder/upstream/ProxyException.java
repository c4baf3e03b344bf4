package dev.warder.upstream;

import javax.net.ssl.SSLException;

/**
 * The proxy of {@code upstream.proxy} made no tunnel. The message is in Warder's own words and without text of the proxy, for the
 * place after the name of the proxy. An {@link SSLException}, because an engine of TLS may throw no other.
 */
public final class ProxyException extends SSLException {
    private final boolean late;

    ProxyException(String message, boolean late) {
        super(message);
        this.late = late;
    }

    /** Whether the proxy was waited for too long. */
    public boolean isLate() {
        return late;
    }

    /** The proxy and what it did, for clients and operators. */
    public String words() {
        return "the proxy of upstream.proxy " + getMessage();
    }
}
