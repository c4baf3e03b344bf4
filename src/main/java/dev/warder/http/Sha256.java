package dev.warder.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256. Texts are read as UTF-8, and hexadecimal digits are lower case. Thread-safe. */
public final class Sha256 {
    private Sha256() {}

    /** A digest of nothing yet, for content that comes in pieces. One thread at a time. */
    public static MessageDigest begin() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            // Every Java platform has it (MessageDigest's documentation).
            throw new IllegalStateException(impossible);
        }
    }

    /** The 32 bytes. */
    public static byte[] of(byte[] content) {
        return begin().digest(content);
    }

    /** 64 hexadecimal digits. */
    public static String hex(byte[] content) {
        return HexFormat.of().formatHex(of(content));
    }

    /** 64 hexadecimal digits. */
    public static String hex(String text) {
        return hex(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The first bytes, two hexadecimal digits for each.
     *
     * @param bytes 1 to 32
     */
    public static String hex(String text, int bytes) {
        return HexFormat.of().formatHex(of(text.getBytes(StandardCharsets.UTF_8)), 0, bytes);
    }
}
