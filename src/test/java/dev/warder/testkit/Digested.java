package dev.warder.testkit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.ByteArrayOutputStream;
import java.util.zip.CRC32C;

/**
 * Bytes as they come by: counted and summed up, the first of them kept. The sum is a CRC-32C: it finds what a fault does to bytes, and
 * a processor makes it as fast as it reads them. Thread-safe.
 */
public final class Digested {
    private final long keep;
    private final Tally length = new Tally();

    @GuardedBy("this")
    private final CRC32C crc = new CRC32C();

    @GuardedBy("this")
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

    Digested(long keep) {
        this.keep = keep;
    }

    void add(byte[] bytes, int offset, int count) {
        synchronized (this) {
            crc.update(bytes, offset, count);
            kept.write(bytes, offset, (int) Math.max(0, Math.min(count, keep - kept.size())));
        }
        length.add(count);
    }

    Tally length() {
        return length;
    }

    synchronized long crc32c() {
        return crc.getValue();
    }

    synchronized byte[] bytes() {
        if (length.value() > keep) {
            throw new AssertionError("only the first " + keep + " of " + length.value() + " bytes were kept");
        }
        return kept.toByteArray();
    }

    /** Of all these bytes. */
    public static long crc32c(byte[] bytes) {
        var crc = new CRC32C();
        crc.update(bytes);
        return crc.getValue();
    }
}
