package dev.warder.record;

/**
 * The credential that went upstream, without its value.
 *
 * @param name as configured, or {@code client} for a client's own
 * @param kind {@code api-key}, {@code oauth} and so on
 */
public record CredentialUse(String name, String kind) {
    /** The client's own credential. */
    public static CredentialUse ofClient(String kind) {
        return new CredentialUse("client", kind);
    }
}
