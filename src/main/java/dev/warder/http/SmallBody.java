package dev.warder.http;

import dev.warder.container.Container;
import dev.warder.container.SerialTurn;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Reads a small request body without waiting for the client. A body that its reader does not keep is read and
 * discarded up to a limit. If a connection is closed while the client still sends, it is reset and the response is lost (RFC 9112, section 9.6).
 *
 * <p>Thread-safe: one thread at a time has the turn to read.
 */
public final class SmallBody implements ReadListener {
    /** Receives the body. One of its methods is called, once, on the reading thread. */
    public interface Reader {
        /**
         * Whether a body of {@code length} bytes is kept. The first question has the length that the head announces, or 0. A later
         * one is asked before these bytes are kept, on the reading thread, and none after it was denied. What is kept must be
         * within a limit for all bodies, and not only for this one.
         */
        boolean keeps(long length);

        void read(Optional<byte[]> body);

        /** Called if the body cannot be read to its end, usually because the client has left. */
        void lost(Throwable cause);
    }

    private static final int BUFFER = 8 * 1024;

    /** The bytes that one turn reads at most: others may wait for the thread. */
    private static final long A_TURN = 64 * 1024;

    private final SerialTurn turn;
    private final ServletInputStream in;
    private final long most;
    private final Reader reader;
    private final AtomicBoolean over = new AtomicBoolean();
    private final ByteArrayOutputStream kept;
    private long read;
    private boolean dropped;

    private SmallBody(SerialTurn turn, ServletInputStream in, long length, long most, Reader reader) {
        this.turn = turn;
        this.in = in;
        this.most = most;
        this.reader = reader;
        dropped = !reader.keeps(length);
        // A buffer that grows to a length that is known would take more than that length.
        kept = new ByteArrayOutputStream(dropped ? 0 : Math.toIntExact(length));
    }

    public static boolean isSent(HttpServletRequest request) {
        return request.getContentLengthLong() > 0 || request.getHeader("transfer-encoding") != null;
    }

    /**
     * Begins to read the body of an asynchronous request, inside {@code service} or a callback of the container. If the client
     * waits for a 100 response (RFC 9110, section 10.1.1), the container sends it.
     *
     * @param turn the turn to read; the request is not read after the turn has ended
     * @param most bytes after which reading stops
     */
    public static void read(HttpServletRequest request, SerialTurn turn, long most, Reader reader) throws IOException {
        var in = Attributes.get(request.getServletContext(), Container.class).input(request.getInputStream());
        in.setReadListener(new SmallBody(turn, in, Math.max(0, request.getContentLengthLong()), most, reader));
    }

    @Override
    public void onDataAvailable() {
        turn.take(this::readOn);
    }

    @Override
    public void onAllDataRead() {
        turn.take(this::readOn);
    }

    @Override
    public void onError(Throwable cause) {
        if (!over.getAndSet(true)) {
            reader.lost(cause);
        }
    }

    private void readOn() {
        boolean whole;
        try {
            whole = readAvailable();
        } catch (IOException | RuntimeException brokenOff) {
            onError(brokenOff);
            return;
        } catch (Error fault) {
            // Reported here: the thread may not be one of the container's, and then the container would not report it.
            onError(fault);
            throw fault;
        }
        if (whole && !over.getAndSet(true)) {
            reader.read(dropped ? Optional.empty() : Optional.of(kept.toByteArray()));
        }
    }

    private void keep(byte[] buffer, int n) {
        dropped = dropped || !reader.keeps(read);
        if (dropped) {
            kept.reset();
        } else {
            kept.write(buffer, 0, n);
        }
    }

    /** Reads the available bytes; returns whether reading has ended. */
    private boolean readAvailable() throws IOException {
        byte[] buffer = new byte[BUFFER];
        long end = read + A_TURN;
        while (!turn.over() && !in.isFinished() && in.isReady()) {
            int n = in.read(buffer);
            if (n < 0) {
                break;
            }
            read += n;
            keep(buffer, n);
            if (read > most) {
                return true;
            }
            if (read >= end) {
                turn.take(this::readOn);
                return false;
            }
        }
        return !turn.over() && in.isFinished();
    }
}
