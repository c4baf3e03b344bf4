package dev.warder.http;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.container.Container;
import dev.warder.container.SerialTurn;
import dev.warder.http.AsyncReply.AsyncOutcome;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small response that Warder itself produces, at once or later on any thread. It is written without waiting for the client: a
 * client that reads nothing would block the container's thread, or, on selector threads, all other clients too. It is written
 * on other threads than those of stores and token endpoints, which have other work. It ends after at most 30 s.
 *
 * <p>Thread-safe. Only the first reply counts, and only the first end. When a thread of the container reports the end, it waits
 * here for the thread that writes: after it has returned, the response object may serve another request. One lock covers the
 * writing and its end.
 */
public final class AsyncResponse implements WriteListener, AsyncListener {
    private static final Logger LOG = LoggerFactory.getLogger(AsyncResponse.class);
    static final long MILLIS = 30_000;

    private final String id;
    private final SerialTurn reading;
    private final AsyncContext async;
    private final Executor tasks;
    private final AsyncOutcome outcome;
    private final AtomicInteger parts;
    private final Runnable resume = this::resume;

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

    private AsyncResponse(
            String id,
            SerialTurn reading,
            AsyncContext async,
            Executor tasks,
            HttpServletResponse response,
            AsyncOutcome outcome,
            int parts) {
        this.id = id;
        this.reading = reading;
        this.async = async;
        this.tasks = tasks;
        this.response = response;
        this.outcome = outcome;
        this.parts = new AtomicInteger(parts);
    }

    /**
     * Makes a request asynchronous. The caller is inside {@code service} and must call {@link #fail} before it leaves by an
     * exception, because Jetty does not end such a request.
     *
     * @param id the id of the request in the log
     * @param parts the number of calls of {@link #endPart} that end the request; writing the reply is one part
     */
    static AsyncResponse of(
            RequestTools tools,
            HttpServletRequest request,
            HttpServletResponse response,
            String id,
            AsyncOutcome outcome,
            int parts) {
        var reading = new SerialTurn(tools.reading(request));
        var async = request.startAsync();
        return new AsyncResponse(id, reading, async, tools.tasks().of(async), response, outcome, parts);
    }

    /**
     * Begins a response that is produced later, and releases the container's thread. To be called inside {@code service}.
     *
     * @param response used only until the asynchronous context returns its own response, which the wrappers of filters do not
     *     affect
     * @param id the id of the request in the log
     */
    public static AsyncResponse begin(
            HttpServletRequest request, HttpServletResponse response, String id, AsyncOutcome outcome)
            throws IOException {
        return begin(request, response, id, outcome, MILLIS);
    }

    /**
     * Begins a response that may take longer.
     *
     * @param millis when the response ends at the latest
     */
    public static AsyncResponse begin(
            HttpServletRequest request, HttpServletResponse response, String id, AsyncOutcome outcome, long millis)
            throws IOException {
        var tools = RequestTools.of(request);
        var begun = of(tools, request, response, id, outcome, 1);
        try {
            begun.response = (HttpServletResponse) begun.async.getResponse();
            begun.listen(tools.container(), millis);
            begun.awaitWritable();
        } catch (Throwable fault) {
            begun.fail(fault);
            throw fault;
        }
        return begun;
    }

    void listen(Container container, long millis) {
        async.setTimeout(millis);
        container.listen(async, this);
    }

    void sendWhenPossible(AsyncReply now) throws IOException {
        take(now);
        awaitWritable();
    }

    /** Asks the container to call this object as soon as it accepts bytes. */
    private void awaitWritable() throws IOException {
        response.getOutputStream().setWriteListener(this);
    }

    void written(AsyncReply found) throws IOException {
        synchronized (this) {
            written = true;
        }
        found.written();
        endPart();
    }

    /** Sends {@code found}, unless a reply was sent; on any thread. */
    public void send(AsyncReply found) {
        if (take(found) && awaitsThread()) {
            writeLater();
        }
    }

    /** A reply has its next piece. The request may have ended meanwhile, and its response object may serve another one by now. */
    private void resume() {
        if (awaitsThread()) {
            writeLater();
        }
    }

    private void writeLater() {
        try {
            tasks.execute(this::writeElsewhere);
        } catch (RuntimeException | Error noThread) {
            // The container has ended the request, or has no thread. Write here, or the client would wait without a
            // response.
            LOG.debug("request {} gets its response on this thread", id, noThread);
            writeElsewhere();
        }
    }

    public SerialTurn reading() {
        return reading;
    }

    /** Handles a failure to read or write: the client has left, unless the cause is an error of this program. */
    public void lost(@Nullable Throwable cause) {
        if (cause instanceof Error) {
            fail(cause);
        } else {
            // A container may report another error as one of the client. Not an empty 200, in case the client is still
            // there.
            end(AsyncOutcome.End.CLIENT_GONE, HttpServletResponse.SC_BAD_REQUEST);
        }
    }

    /** Ends the request after a fault, with the bare status if nothing was sent. Throws nothing. */
    public void fail(Throwable fault) {
        end(AsyncOutcome.End.FAILED, HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
        LOG.error("request {} failed", id, fault);
    }

    void endPart() {
        if (parts.decrementAndGet() == 0) {
            end();
        }
    }

    @Override
    public void onWritePossible() {
        write(this::writtenSinceWritable);
    }

    @Override
    public void onError(Throwable cause) {
        lost(cause);
    }

    @Override
    public void onError(AsyncEvent event) {
        lost(event.getThrowable());
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        outcome.late().ifPresent(this::take);
        // Also writes a reply that is waiting for a thread.
        write(this::writtenWhole);
        end(AsyncOutcome.End.TIMED_OUT, HttpServletResponse.SC_SERVICE_UNAVAILABLE);
    }

    @Override
    public void onComplete(AsyncEvent event) {
        // Does not wait for a thread that writes.
        gone = true;
        // No effect, unless the container ended the request by itself.
        outcome.ended(AsyncOutcome.End.FAILED);
        reading.end(() -> {});
    }

    @Override
    public void onStartAsync(AsyncEvent event) {}

    /**
     * Writes on a thread for tasks. A container marks a response after an error on a thread of its own, and by
     * then the response may belong to another request; so no error leaves this method.
     */
    private void writeElsewhere() {
        try {
            write(this::writtenWhole);
        } catch (VirtualMachineError reported) {
            // The request has ended.
        }
    }

    /** A write of what the container accepts; its result is the reply whose last byte it has written, or null. */
    private interface Writing {
        @Nullable
        AsyncReply write() throws IOException;
    }

    private void write(Writing writing) {
        try {
            var whole = writing.write();
            if (whole != null) {
                whole.written();
                endPart();
            }
        } catch (IOException lost) {
            LOG.debug("request {} lost its client", id, lost);
            lost(lost);
        } catch (VirtualMachineError fault) {
            fail(fault);
            throw fault;
        } catch (RuntimeException | Error fault) {
            fail(fault);
        }
    }

    private void end(AsyncOutcome.End how, int status) {
        if (setStatus(status)) {
            outcome.ended(how);
        }
        end();
    }

    private void end() {
        if (close()) {
            reading.end(this::complete);
        }
    }

    private void complete() {
        try {
            async.complete();
        } catch (IllegalStateException endedByTheContainer) {
            LOG.debug("request {} was ended by the container", id);
        } catch (RuntimeException | Error fault) {
            LOG.error("A container failed to end request {}", id, fault);
        }
    }

    private synchronized boolean take(AsyncReply found) {
        if (reply != null || closed || gone) {
            return false;
        }
        reply = found;
        return true;
    }

    /** As {@link #writtenWhole}, since the container accepts bytes. */
    private synchronized @Nullable AsyncReply writtenSinceWritable() throws IOException {
        writable = true;
        return writtenWhole();
    }

    /** Writes what the container accepts. Returns the reply whose last byte this call has written, or null. */
    private synchronized @Nullable AsyncReply writtenWhole() throws IOException {
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
    private synchronized boolean awaitsThread() {
        return writable && !written && !closed && !gone;
    }

    private synchronized boolean setStatus(int status) {
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

    private synchronized boolean close() {
        if (closed || gone) {
            return false;
        }
        closed = true;
        return true;
    }
}
