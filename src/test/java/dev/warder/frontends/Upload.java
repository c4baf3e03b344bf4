package dev.warder.frontends;

import dev.warder.testkit.Flood;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/** The bytes of {@link Flood} as a body that can be stopped in its middle, and read to be compared. One reader at a time. */
final class Upload extends InputStream {
    private static final int PIECE = 16 * 1024;

    private final long length;
    private final AtomicLong given = new AtomicLong();
    private final CountDownLatch mayGoOn = new CountDownLatch(1);
    private volatile long pause = Long.MAX_VALUE;

    Upload(long length) {
        this.length = length;
    }

    /** Compares a body with these bytes and answers how many came; an {@link AssertionError} at the first other one. */
    static long read(InputStream body) throws IOException {
        long at = 0;
        try (body) {
            for (var piece = body.readNBytes(PIECE); piece.length > 0; piece = body.readNBytes(PIECE)) {
                if (!Arrays.equals(piece, Flood.piece(at, piece.length))) {
                    throw new AssertionError("other bytes came behind " + at);
                }
                at += piece.length;
            }
        }
        return at;
    }

    /** Gives nothing behind this many bytes until {@link #goOn}. */
    void pauseAt(long bytes) {
        pause = bytes;
    }

    void goOn() {
        mayGoOn.countDown();
    }

    /** How many bytes were taken. */
    long given() {
        return given.get();
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int offset, int wanted) throws IOException {
        var at = given.get();
        if (at >= pause) {
            awaitGoOn();
        }
        int count = (int) Math.min(Math.min(wanted, PIECE), length - at);
        if (count == 0) {
            return -1;
        }
        System.arraycopy(Flood.piece(at, count), 0, buffer, offset, count);
        given.addAndGet(count);
        return count;
    }

    private void awaitGoOn() throws InterruptedIOException {
        try {
            mayGoOn.await();
        } catch (InterruptedException stop) {
            throw new InterruptedIOException();
        }
    }
}
