package dev.warder.container;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * An input that never waits, made of a container's input that does. After {@code isReady} has returned false, a thread of this
 * application waits for the next bytes and then calls the listener. The first call comes before any byte was read.
 *
 * <p>One thread at a time, by the listener's turn; the waiting thread works only between {@code isReady} and the call.
 */
final class BlockingInput extends ServletInputStream {
    /** The bytes that Liberty reads from a socket at once. */
    private static final int BUFFER = 32 * 1024;

    private final ServletInputStream in;
    private final SerialTurn turn;
    private @Nullable ReadListener listener;
    private byte[] buffer = {};
    private int at;
    private int end;
    private volatile boolean finished;

    /** @param threads may wait inside {@code in} */
    BlockingInput(ServletInputStream in, Executor threads) {
        this.in = in;
        this.turn = new SerialTurn(threads);
    }

    @Override
    public void setReadListener(ReadListener readListener) {
        listener = readListener;
        try {
            readListener.onDataAvailable();
        } catch (IOException | RuntimeException fault) {
            readListener.onError(fault);
        }
    }

    @Override
    public boolean isReady() {
        if (at < end || finished) {
            return true;
        }
        turn.take(this::await);
        return false;
    }

    @Override
    public boolean isFinished() {
        return finished;
    }

    @Override
    public int available() {
        return end - at;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        if (at == end) {
            return finished ? -1 : 0;
        }
        int n = Math.min(length, end - at);
        System.arraycopy(buffer, at, target, offset, n);
        at += n;
        return n;
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) == 1 ? one[0] & 0xff : -1;
    }

    private void await() {
        var reported = Objects.requireNonNull(listener);
        try {
            int n = fill();
            if (n < 0) {
                finished = true;
                reported.onAllDataRead();
            } else {
                at = 0;
                end = n;
                reported.onDataAvailable();
            }
        } catch (IOException | RuntimeException lost) {
            reported.onError(lost);
        } catch (Error fault) {
            // The exchange ends with it; the threads log it.
            reported.onError(fault);
            throw fault;
        }
    }

    private int fill() throws IOException {
        if (buffer.length == 0) {
            buffer = new byte[BUFFER];
        }
        return in.read(buffer);
    }
}
