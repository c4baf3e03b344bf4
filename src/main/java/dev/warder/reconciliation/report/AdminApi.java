package dev.warder.reconciliation.report;

import dev.warder.config.Secret;
import java.net.URI;

/**
 * Where Anthropic's Admin API is, and the key for it. Thread-safe.
 *
 * @param url scheme, host and perhaps a path without a slash at its end
 * @param secret the key
 * @param version the value of {@code anthropic-version}
 */
public record AdminApi(URI url, Secret secret, String version) {
    /** The host only. */
    @Override
    public String toString() {
        return "AdminApi[" + url.getHost() + "]";
    }
}
