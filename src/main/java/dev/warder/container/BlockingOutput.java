package dev.warder.container;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * An output that never waits, made of a container's output that does. A thread of this application writes the bytes, and the
 * output is not ready until that thread has returned. After a failure it is never ready again. Bytes are sent at once, so
 * that the container has nothing to wait for when the request ends.
 *
 * <p>Thread-safe; nothing is locked while a thread waits.
 */
final class BlockingOutput extends ServletOutputStream {
    private static final byte[] NOTHING = {};

    private final ServletOutputStream out;
    private final SerialTurn turn;

    private volatile @Nullable WriteListener listener;

    @GuardedBy("this")
    private byte[] piece = NOTHING;

    @GuardedBy("this")
    private boolean sending;

    @GuardedBy("this")
    private boolean taken;

    @GuardedBy("this")
    private boolean asked;

    /** @param threads may wait inside {@code out} */
    BlockingOutput(ServletOutputStream out, Executor threads) {
        this.out = out;
        this.turn = new SerialTurn(threads);
    }

    @Override
    public void setWriteListener(WriteListener writeListener) {
        listener = writeListener;
        hand(NOTHING, false);
    }

    @Override
    public synchronized boolean isReady() {
        asked |= taken;
        return !taken;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        boolean whole = offset == 0 && length == bytes.length;
        hand(whole ? bytes : Arrays.copyOfRange(bytes, offset, offset + length), true);
    }

    @Override
    public void write(int one) {
        hand(new byte[] {(byte) one}, true);
    }

    @Override
    public void flush() {
        hand(NOTHING, true);
    }

    private void hand(byte[] bytes, boolean send) {
        synchronized (this) {
            if (taken) {
                throw new IllegalStateException("not ready");
            }
            taken = true;
            asked = !send;
            piece = bytes;
            sending = send;
        }
        turn.take(this::writeAndReport);
    }

    private void writeAndReport() {
        var reported = Objects.requireNonNull(listener);
        try {
            writeOut();
            if (comeBack()) {
                reported.onWritePossible();
            }
        } catch (IOException | RuntimeException lost) {
            reported.onError(lost);
        } catch (Error fault) {
            // The exchange ends with it; the threads log it.
            reported.onError(fault);
            throw fault;
        }
    }

    private void writeOut() throws IOException {
        byte[] bytes;
        boolean send;
        synchronized (this) {
            bytes = piece;
            piece = NOTHING;
            send = sending;
        }
        if (bytes.length > 0) {
            out.write(bytes);
        }
        if (send) {
            out.flush();
        }
    }

    /** Whether {@code isReady} returned false meanwhile, so that the listener waits for a call. */
    private synchronized boolean comeBack() {
        taken = false;
        return asked;
    }
}
