package dev.warder.principal;

import dev.warder.config.InvalidValueException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What makes a repeated request known ({@code Idempotency-Key}, draft-ietf-httpapi-idempotency-key-header). Immutable.
 *
 * @param id the hash of the caller's name and key: the keys of two callers are never the same
 * @param requestHash the hash of what is asked for
 */
public record IdempotencyKey(String id, String requestHash) {
    private static final Pattern VALUE = Pattern.compile("[!-~]{1,255}");

    /**
     * Reads it; empty without the field.
     *
     * @param field what the caller sent
     * @param request method, path and body
     * @throws InvalidValueException if the field is malformed, with the reason for the caller
     */
    public static Optional<IdempotencyKey> read(String caller, Optional<String> field, String request)
            throws InvalidValueException {
        if (field.isEmpty()) {
            return Optional.empty();
        }
        String value = field.get();
        if (!VALUE.matcher(value).matches()) {
            throw new InvalidValueException("Idempotency-Key: must be 1 to 255 visible ASCII characters.");
        }
        return Optional.of(new IdempotencyKey(sha256(caller.length() + ":" + caller + value), sha256(request)));
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
