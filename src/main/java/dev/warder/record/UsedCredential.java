package dev.warder.record;

/**
 * The credential that went upstream, without its value.
 *
 * @param name as configured, or {@code client} for a client's own
 * @param kind {@code api-key}, {@code oauth} and so on
 */
public record UsedCredential(String name, String kind) {
    public static UsedCredential ofClient(String kind) {
        return new UsedCredential("client", kind);
    }
}
