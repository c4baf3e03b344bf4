package dev.warder.exchange.up;

import dev.warder.testkit.UnusedInput;
import jakarta.servlet.ReadListener;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A container's side of a request body, step by step: it announces data as the servlet specification has it, and each
 * question that it is asked may throw. One thread at a time.
 */
public final class SteppedContainer extends UnusedInput {
    /** Where faults are on, on average one call of this many throws. */
    private static final int ODDS = 40;

    private final Random random;
    private final boolean faulty;
    private final Deque<byte[]> pieces = new ArrayDeque<>();
    private @Nullable ReadListener listener;
    private boolean announces = true;
    private boolean whole;
    private boolean faulted;
    private int reads;

    public SteppedContainer(Random random, boolean faulty) {
        this.random = random;
        this.faulty = faulty;
    }

    /** Whether a question or a callback has thrown. */
    public boolean hasFaulted() {
        return faulted;
    }

    /** How often it was read. */
    public int reads() {
        return reads;
    }

    /** Data comes from the client. */
    public void deliver(byte[] piece) {
        pieces.add(piece);
        if (announces) {
            announces = false;
            call(() -> told().onDataAvailable());
        }
    }

    /** The client has sent all. */
    public void finish() {
        whole = true;
        if (pieces.isEmpty()) {
            call(() -> told().onAllDataRead());
        }
    }

    /** The client is lost. */
    public void lose() {
        call(() -> told().onError(new IOException("the client of the test is lost")));
    }

    @Override
    public boolean isReady() {
        mayThrow();
        announces = pieces.isEmpty();
        return !announces;
    }

    @Override
    public boolean isFinished() {
        mayThrow();
        return whole && pieces.isEmpty();
    }

    @Override
    public int available() {
        return pieces.isEmpty() ? 0 : pieces.element().length;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        reads++;
        mayThrow();
        if (faulty && random.nextInt(ODDS) == 0) {
            faulted = true;
            throw new IOException("a fault of the test");
        }
        var piece = pieces.remove();
        System.arraycopy(piece, 0, buffer, offset, piece.length);
        return piece.length;
    }

    @Override
    public void setReadListener(ReadListener set) {
        listener = set;
    }

    private ReadListener told() {
        return Objects.requireNonNull(listener);
    }

    private void mayThrow() {
        if (faulty && random.nextInt(ODDS) == 0) {
            faulted = true;
            if (random.nextBoolean()) {
                throw new IllegalStateException("a fault of the test");
            }
            throw new InternalError("an error of the test");
        }
    }

    /** A listener that was not set is not called, and an error goes back to it. */
    private void call(Callback callback) {
        var before = listener;
        if (before == null) {
            return;
        }
        try {
            callback.run();
        } catch (InternalError thrown) {
            faulted = true;
            before.onError(new IOException(thrown));
        } catch (IOException unexpected) {
            throw new AssertionError(unexpected);
        }
    }

    private interface Callback {
        void run() throws IOException;
    }
}
