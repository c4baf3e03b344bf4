package dev.warder.auth;

import java.security.SecureRandom;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * An access token that Warder made: {@code wrd_}, 8 characters of public id, {@code _}, 52 characters of secret (260
 * bits) and 7 of checksum, all in lower-case base32 (RFC 4648, section 6, without padding).
 *
 * <p>The checksum is the CRC-32 of the 65 ASCII characters before it, written as a number of 35 bits with its highest
 * five bits first; the top three bits are zero. With it a scanner for leaked secrets can distinguish a real token from
 * look-alikes.
 *
 * <p>Immutable; its text form shows the public id alone.
 */
public final class AccessToken {
    public static final String PREFIX = "wrd_";

    private static final String BASE32 = "abcdefghijklmnopqrstuvwxyz234567";
    private static final int ID_LENGTH = 8;
    private static final int SECRET_LENGTH = 52;
    private static final int CHECKED = PREFIX.length() + ID_LENGTH + 1 + SECRET_LENGTH;
    private static final int LENGTH = CHECKED + 7;

    private final String text;

    private AccessToken(String text) {
        this.text = text;
    }

    public static AccessToken generate(SecureRandom random) {
        String checked = PREFIX + letters(random, ID_LENGTH) + "_" + letters(random, SECRET_LENGTH);
        return new AccessToken(checked + checksum(checked));
    }

    public static Optional<AccessToken> parse(String text) {
        boolean token = text.length() == LENGTH
                && text.startsWith(PREFIX)
                && isBase32(text, PREFIX.length(), PREFIX.length() + ID_LENGTH)
                && text.charAt(PREFIX.length() + ID_LENGTH) == '_'
                && isBase32(text, PREFIX.length() + ID_LENGTH + 1, LENGTH)
                && text.endsWith(checksum(text));
        return token ? Optional.of(new AccessToken(text)) : Optional.empty();
    }

    private static boolean isBase32(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (BASE32.indexOf(text.charAt(i)) < 0) {
                return false;
            }
        }
        return true;
    }

    /** The public id, which identifies the token in {@code clients.file}; not secret. */
    public String id() {
        return text.substring(PREFIX.length(), PREFIX.length() + ID_LENGTH);
    }

    public String reveal() {
        return text;
    }

    public String line(String clientName) {
        return line(clientName, TokenHash.plain());
    }

    /**
     * The line for {@code clients.file}, without a line break.
     *
     * @throws IllegalArgumentException when no client may have this name ({@link Client#mayBeNamed})
     */
    public String line(String clientName, TokenHash hash) {
        if (!Client.mayBeNamed(clientName)) {
            throw new IllegalArgumentException("no client may have this name");
        }
        return clientName + " id=" + id() + " sha256=" + hash.hex(text);
    }

    @Override
    public String toString() {
        return "AccessToken[" + id() + "]";
    }

    private static String letters(SecureRandom random, int count) {
        var letters = new StringBuilder(count);
        for (int i = 0; i < count; i++) {
            letters.append(BASE32.charAt(random.nextInt(BASE32.length())));
        }
        return letters.toString();
    }

    /** Of the part that it follows. */
    private static String checksum(String text) {
        var crc = new CRC32();
        for (int i = 0; i < CHECKED; i++) {
            crc.update(text.charAt(i));
        }
        var letters = new StringBuilder(LENGTH - CHECKED);
        for (int shift = 30; shift >= 0; shift -= 5) {
            letters.append(BASE32.charAt((int) (crc.getValue() >>> shift) & 31));
        }
        return letters.toString();
    }
}
