package dev.warder.admin;

import dev.warder.config.Secret;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Values that a browser stores and can neither make nor change: text, the end of its life, and an HMAC-SHA-256 (RFC
 * 2104) over both. The key is derived from a secret, such as the current {@code admin.token}: a value is
 * valid on every node with the same one, and until it changes. Anyone who has the value can read the text, and so can test
 * guesses of the secret: those who do not know a secret that a person chose must get no value under it. Thread-safe.
 */
public record Seal(Secret token, InstantSource clock) {
    private static final String HMAC = "HmacSHA256";
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final int MOST_DIGITS = 12;

    /**
     * Makes a value of base64url characters and dots.
     *
     * @param purpose the only purpose for which the value is valid
     * @param bound a text that must be presented again with the value, and is not in it
     */
    public String close(String purpose, String text, String bound, Duration life) {
        String body = ENCODER.encodeToString(bytes(text)) + "."
                + clock.instant().plus(life).getEpochSecond();
        return body + "." + sign(purpose, body, bound);
    }

    public Optional<String> open(String purpose, String value, String bound) {
        String[] parts = value.split("\\.", -1);
        if (parts.length != 3 || !isSeconds(parts[1])) {
            return Optional.empty();
        }
        boolean ours = MessageDigest.isEqual(bytes(sign(purpose, parts[0] + "." + parts[1], bound)), bytes(parts[2]));
        boolean young = clock.instant().isBefore(Instant.ofEpochSecond(Long.parseLong(parts[1])));
        return ours && young
                ? Optional.of(new String(Base64.getUrlDecoder().decode(parts[0]), StandardCharsets.UTF_8))
                : Optional.empty();
    }

    /** As many random bytes, as lower-case hexadecimal digits. */
    public static String random(SecureRandom source, int bytes) {
        byte[] made = new byte[bytes];
        source.nextBytes(made);
        return HexFormat.of().formatHex(made);
    }

    /** The text of a value that may be forged, for finding the key that it must have; empty if it has another form. */
    static Optional<String> unverified(String value) {
        try {
            byte[] text = Base64.getUrlDecoder().decode(value.substring(0, Math.max(0, value.indexOf('.'))));
            return Optional.of(new String(text, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException forged) {
            return Optional.empty();
        }
    }

    /** The signature alone. The length before the parts keeps one pair from being read as another. */
    public String sign(String purpose, String body, String bound) {
        byte[] key = hmac(bytes(token.reveal()), "warder admin " + purpose);
        return ENCODER.encodeToString(hmac(key, body.length() + ":" + body + bound));
    }

    public static boolean same(String signature, String shown) {
        return MessageDigest.isEqual(bytes(signature), bytes(shown));
    }

    private static boolean isSeconds(String text) {
        return !text.isEmpty() && text.length() <= MOST_DIGITS && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            var mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac.doFinal(bytes(text));
        } catch (NoSuchAlgorithmException | InvalidKeyException impossible) {
            // Every Java platform has the algorithm, and a secret is never empty.
            throw new IllegalStateException(impossible);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
