package dev.warder.http;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes the reply of an {@link AsyncResponse} to the container's response, as far as the container accepts it.
 *
 * <p>Thread-safe. One lock covers the writing and its end: a thread that closes the writer waits for the thread that writes,
 * and nothing is written afterwards.
 */
final class ReplyWriter {
    /** Changes only before the first callback is possible. */
    private HttpServletResponse response;

    @GuardedBy("this")
    private @Nullable AsyncReply reply;

    @GuardedBy("this")
    private boolean writable;

    @GuardedBy("this")
    private boolean broken;

    @GuardedBy("this")
    private boolean given;

    @GuardedBy("this")
    private boolean ended;

    /** Whether bytes were written since the last flush. */
    @GuardedBy("this")
    private boolean buffered;

    @GuardedBy("this")
    private boolean written;

    @GuardedBy("this")
    private boolean closed;

    /** Whether the container has ended the request. After that, none of its objects may be used. */
    private volatile boolean gone;

    /** Writes again, on a thread that may; set before the first reply is taken. */
    private Runnable resume = () -> {};

    ReplyWriter(HttpServletResponse response) {
        this.response = response;
    }

    void resumeBy(Runnable writing) {
        resume = writing;
    }

    void use(HttpServletResponse another) {
        response = another;
    }

    /** Asks the container to call {@code listener} as soon as it accepts bytes. */
    void listen(WriteListener listener) throws IOException {
        response.getOutputStream().setWriteListener(listener);
    }

    synchronized boolean take(AsyncReply found) {
        if (reply != null || closed || gone) {
            return false;
        }
        reply = found;
        return true;
    }

    /** As {@link #write}, since the container accepts bytes. */
    synchronized @Nullable AsyncReply writable() throws IOException {
        writable = true;
        return write();
    }

    synchronized void written() {
        written = true;
    }

    /** Writes what the container accepts. Returns the reply whose last byte this call has written, or null. */
    synchronized @Nullable AsyncReply write() throws IOException {
        var found = reply;
        if (found == null || !writable || written || broken || closed || gone) {
            return null;
        }
        boolean whole;
        try {
            whole = writesWhole(found);
        } catch (IOException | RuntimeException | Error fault) {
            // Another thread must not flush a head that could not be set, before this one ends the request.
            broken = true;
            throw fault;
        }
        written |= whole;
        return whole ? found : null;
    }

    /** Whether the container is ready. Asked before the write and before the flush; after {@code false} a callback follows. */
    @GuardedBy("this")
    private boolean writesWhole(AsyncReply found) throws IOException {
        var out = response.getOutputStream();
        while (out.isReady()) {
            if (ended) {
                out.flush();
                return true;
            }
            var piece = given ? found.next(resume) : first(found);
            if (piece.isEmpty()) {
                // Still writable: the reply resumes the writing, and may have done so by now, on this thread.
                // The client gets what there is meanwhile.
                if (buffered && writable && !closed && !gone) {
                    buffered = false;
                    out.flush();
                }
                return false;
            }
            // An empty body may still have pieces.
            ended = piece.get().length == 0 && given;
            given = true;
            if (piece.get().length > 0) {
                buffered = true;
                out.write(piece.get());
            }
        }
        writable = false;
        return false;
    }

    @GuardedBy("this")
    private Optional<byte[]> first(AsyncReply found) {
        byte[] body = found.body();
        found.head(response);
        return Optional.of(body);
    }

    /**
     * Whether a thread has to be found that writes. There is none where the container is going to call back: it would find nothing
     * to do, or a request that has ended, which Jetty logs as a fault.
     */
    synchronized boolean awaitsThread() {
        return writable && !written && !closed && !gone;
    }

    synchronized boolean setStatus(int status) {
        try {
            if (!written && !closed && !gone && !response.isCommitted()) {
                response.reset();
                response.setStatus(status);
            }
        } catch (RuntimeException | Error ended) {
            // The container reports the end if it can.
        }
        return !written;
    }

    synchronized boolean close() {
        if (closed || gone) {
            return false;
        }
        closed = true;
        return true;
    }

    /** The container has ended the request. Does not wait for a thread that writes. */
    void abandon() {
        gone = true;
    }
}
