package dev.warder.container;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A container's input that waits for the client, turned into one that never does: a thread of our own waits for the next
 * bytes once somebody has asked for them in vain, and calls the listener. The first call comes before any byte was read.
 *
 * <p>One thread at a time, as the listener's turn has it; the thread that waits works only between a question and its call.
 */
final class BlockingInput extends ServletInputStream {
    /** What Liberty reads from a socket at once. */
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
        var told = Objects.requireNonNull(listener);
        try {
            int n = fill();
            if (n < 0) {
                finished = true;
                told.onAllDataRead();
            } else {
                at = 0;
                end = n;
                told.onDataAvailable();
            }
        } catch (IOException | RuntimeException lost) {
            told.onError(lost);
        } catch (Error fault) {
            // The exchange ends with it; the threads log it.
            told.onError(fault);
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
