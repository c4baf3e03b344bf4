package dev.warder.principal;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What makes a repeated request known ({@code Idempotency-Key}, draft-ietf-httpapi-idempotency-key-header). Immutable.
 *
 * @param id the hash of the caller's name and key: the keys of two callers are never the same
 * @param requestHash the hash of what is asked for
 */
public record IdempotencyKey(String id, String requestHash) {
    /**
     * Makes it.
     *
     * @param value what the caller sent in the field
     * @param request method, path and body
     */
    public static IdempotencyKey of(String caller, String value, String request) {
        return new IdempotencyKey(sha256(caller.length() + ":" + caller + value), sha256(request));
    }

    private static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException impossible) {
            // Every Java platform has it (MessageDigest's documentation).
            throw new IllegalStateException(impossible);
        }
    }
}
