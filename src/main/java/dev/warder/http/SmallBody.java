package dev.warder.http;

import dev.warder.container.CallbackGuard.ClientLossHandler;
import dev.warder.container.SerialTurn;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a small request body without waiting for the client. A body that its reader does not keep is read and
 * discarded up to a limit. If a connection is closed while the client still sends, it is reset and the response is lost (RFC 9112, section 9.6).
 *
 * <p>Thread-safe: one thread at a time has the turn to read.
 */
public final class SmallBody implements BodyReader.Sink, ClientLossHandler {
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

    private static final Logger LOG = LoggerFactory.getLogger(SmallBody.class);

    private final long most;
    private final Reader reader;
    private final AtomicBoolean over = new AtomicBoolean();
    private final ByteArrayOutputStream kept;
    private long read;
    private boolean dropped;

    private SmallBody(long length, long most, Reader reader) {
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
        var in = RequestTools.of(request).container().input(request.getInputStream());
        // A chunked body does not end with a length that stands beside it.
        long length = request.getHeader("transfer-encoding") == null ? request.getContentLengthLong() : -1;
        var body = new SmallBody(Math.max(0, length), most, reader);
        in.setReadListener(new BodyReader(turn, in, length, body, body));
    }

    @Override
    public boolean wants() {
        return !over.get() && read <= most;
    }

    @Override
    public void take(byte[] buffer, int n) {
        read += n;
        dropped = dropped || !reader.keeps(read);
        if (dropped) {
            kept.reset();
        } else {
            kept.write(buffer, 0, n);
        }
    }

    @Override
    public void taken(int bytes, boolean ended) {
        if (ended || read > most) {
            // Before the end counts: without memory for the copy, the body is lost.
            var body = dropped ? Optional.<byte[]>empty() : Optional.of(kept.toByteArray());
            if (!over.getAndSet(true)) {
                reader.read(body);
            }
        }
    }

    @Override
    public void clientGone() {
        fault(new EOFException());
    }

    @Override
    public void fault(Throwable cause) {
        if (!over.getAndSet(true)) {
            reader.lost(cause);
        } else if (!(cause instanceof EOFException)) {
            LOG.error("A request failed after its body was read", cause);
        }
    }
}
