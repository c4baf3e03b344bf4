package dev.warder.adminapi;

import dev.warder.config.InvalidValueException;
import dev.warder.http.Sha256;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The mark of a repeated request ({@code Idempotency-Key}, draft-ietf-httpapi-idempotency-key-header). Immutable.
 *
 * @param id the hash of the caller's name and of the key or request: those of two callers are never the same
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
        return Optional.of(new IdempotencyKey(Sha256.hex(caller.length() + ":" + caller + value), Sha256.hex(request)));
    }
}
