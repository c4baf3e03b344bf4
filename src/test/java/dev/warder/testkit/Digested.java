package dev.warder.testkit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Bytes as they come by: counted and hashed, the first of them kept. Thread-safe. */
final class Digested {
    private final long keep;
    private final Tally length = new Tally();

    @GuardedBy("this")
    private final MessageDigest digest = sha256Digest();

    @GuardedBy("this")
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

    Digested(long keep) {
        this.keep = keep;
    }

    void add(byte[] bytes, int offset, int count) {
        synchronized (this) {
            digest.update(bytes, offset, count);
            kept.write(bytes, offset, (int) Math.max(0, Math.min(count, keep - kept.size())));
        }
        length.add(count);
    }

    Tally length() {
        return length;
    }

    synchronized String sha256() {
        try {
            return HexFormat.of().formatHex(((MessageDigest) digest.clone()).digest());
        } catch (CloneNotSupportedException never) {
            throw new IllegalStateException(never);
        }
    }

    synchronized byte[] bytes() {
        if (length.value() > keep) {
            throw new AssertionError("only the first " + keep + " of " + length.value() + " bytes were kept");
        }
        return kept.toByteArray();
    }

    static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(sha256Digest().digest(bytes));
    }

    private static MessageDigest sha256Digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException never) {
            throw new IllegalStateException(never);
        }
    }
}
