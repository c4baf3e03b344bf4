package dev.warder.auth;

import dev.warder.config.Secret;
import dev.warder.http.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The hash under which an access token is stored: SHA-256, or HMAC-SHA-256 (RFC 2104) with {@code clients.pepper}. A slow
 * hash would not be safer, since a token has 260 random bits. Thread-safe.
 */
public record TokenHash(Optional<Secret> pepper) {
    private static final String HMAC = "HmacSHA256";
    private static final HexFormat HEX = HexFormat.of();

    /** SHA-256 of the token. */
    public static TokenHash plain() {
        return new TokenHash(Optional.empty());
    }

    /** The hash of {@code token} as 64 lower-case hexadecimal digits. */
    public String hex(String token) {
        byte[] bytes = token.getBytes(StandardCharsets.UTF_8);
        try {
            return HEX.formatHex(pepper.isPresent() ? hmac(pepper.get().reveal(), bytes) : Sha256.of(bytes));
        } catch (NoSuchAlgorithmException | InvalidKeyException impossible) {
            // Every Java platform has both algorithms, and a secret is never empty.
            throw new IllegalStateException(impossible);
        }
    }

    public static boolean same(String hex, String otherHex) {
        return MessageDigest.isEqual(
                hex.getBytes(StandardCharsets.US_ASCII), otherHex.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] hmac(String key, byte[] bytes) throws NoSuchAlgorithmException, InvalidKeyException {
        var mac = Mac.getInstance(HMAC);
        mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), HMAC));
        return mac.doFinal(bytes);
    }
}
