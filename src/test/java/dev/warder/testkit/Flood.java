package dev.warder.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicLong;

/** Bytes of any length that are cheap to make and show every loss, doubling and swap. Thread-safe. */
public final class Flood {
    /** Bytes in a full piece. */
    static final int PIECE = 16 * 1024;

    private Flood() {}

    /** The bytes from this offset on: each tells its place in the whole. */
    public static byte[] piece(long offset, int length) {
        var bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            var at = offset + i;
            bytes[i] = (byte) (at ^ (at >>> 8) ^ (at >>> 16) ^ (at >>> 24));
        }
        return bytes;
    }

    /** CRC-32C of the first {@code total} bytes. */
    public static long crc32c(long total) {
        var digested = new Digested(0);
        for (long at = 0; at < total; at += PIECE) {
            var piece = piece(at, (int) Math.min(PIECE, total - at));
            digested.add(piece, 0, piece.length);
        }
        return digested.crc32c();
    }

    /**
     * Sends a request with this many bytes of the flood as its body, and reads the response.
     *
     * @param head of the request, but for its length
     * @param sent grows with each piece that was written
     * @return the status of the response
     */
    public static int upload(RawClient client, RawRequest head, int total, AtomicLong sent) {
        try {
            client.send(head.field("Content-Length", Integer.toString(total)).head());
            for (int at = 0; at < total; at += PIECE) {
                client.send(piece(at, PIECE));
                sent.addAndGet(PIECE);
            }
            return client.readResponse().status();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** About 8 KiB of text that tells its number. */
    static String text(long number) {
        return (number + " ").repeat(8192 / (Long.toString(number).length() + 1));
    }
}
