package dev.warder.admin;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.http.ChunkedReads;
import dev.warder.http.ErrorReply;
import dev.warder.http.ReadTurn;
import dev.warder.record.RequestEnd;
import dev.warder.record.RequestRecord;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An answer that is still to be found, by whoever works for it. It is written without waiting for the client, and on the
 * container's threads, since those of stores and token endpoints have other work. After 30 s without one it is an error.
 *
 * <p>Thread-safe. The first answer counts.
 */
final class LaterAnswer implements WriteListener, AsyncListener {
    private static final Logger LOG = LoggerFactory.getLogger(LaterAnswer.class);
    private static final long MILLIS = 30_000;

    private final ReadTurn reading;
    private final AsyncContext async;
    private final HttpServletResponse response;
    private final RequestRecord record;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private @Nullable AdminReply reply;

    @GuardedBy("lock")
    private boolean writable;

    @GuardedBy("lock")
    private boolean given;

    @GuardedBy("lock")
    private boolean over;

    /** The container has ended the request: nothing of it is used any more. */
    private volatile boolean gone;

    private LaterAnswer(ReadTurn reading, AsyncContext async, HttpServletResponse response, RequestRecord record) {
        this.reading = reading;
        this.async = async;
        this.response = response;
        this.record = record;
    }

    /**
     * Lets the container's thread go; to be called inside {@code service}, where all listeners must be set. Jetty does not
     * end an asynchronous request that {@code service} leaves by an exception, so that is done here.
     */
    static LaterAnswer begin(HttpServletRequest request, HttpServletResponse response, RequestRecord record) throws IOException {
        var reading = new ReadTurn(ChunkedReads.of(request));
        var answer = of(reading, request.startAsync(), response, record);
        try {
            answer.listen();
        } catch (Throwable fault) {
            answer.fail(fault);
            throw fault;
        }
        return answer;
    }

    /** @param response used only where the context does not give its own, which wrappers of filters do not see */
    private static LaterAnswer of(ReadTurn reading, AsyncContext async, HttpServletResponse response, RequestRecord record) {
        try {
            return new LaterAnswer(reading, async, (HttpServletResponse) async.getResponse(), record);
        } catch (Throwable fault) {
            response.setStatus(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
            async.complete();
            record.end(RequestEnd.ERROR, HttpServletResponse.SC_INTERNAL_SERVER_ERROR, 0);
            throw fault;
        }
    }

    private void listen() throws IOException {
        async.setTimeout(MILLIS);
        async.addListener(this);
        response.getOutputStream().setWriteListener(this);
    }

    /** The turn to read the request's body, which ends with the request. */
    ReadTurn reading() {
        return reading;
    }

    /** Answers, unless that was done; on any thread. */
    void send(AdminReply found) {
        if (takes(found)) {
            try {
                async.start(this::writeElsewhere);
            } catch (RuntimeException | Error noThread) {
                // The container ended the request, or has no thread: without a response the client would wait.
                LOG.debug("request {} gets its response on this thread", record.call().id(), noThread);
                writeElsewhere();
            }
        }
    }

    /** Reading or writing failed: the client broke off, unless it is an error of this program. */
    void lost(@Nullable Throwable cause) {
        if (cause instanceof Error) {
            fail(cause);
        } else {
            clientGone();
        }
    }

    /** Where the container reports another error as that of the client, the client must not see an empty 200. */
    private void clientGone() {
        end(HttpServletResponse.SC_BAD_REQUEST, RequestEnd.CLIENT_GONE);
    }

    /** Ends the request after a fault: with the bare status where nothing was sent. Throws nothing. */
    void fail(Throwable fault) {
        end(HttpServletResponse.SC_INTERNAL_SERVER_ERROR, RequestEnd.ERROR);
        LOG.error("request {} failed", record.call().id(), fault);
    }

    @Override
    public void onWritePossible() {
        lock.lock();
        try {
            writable = true;
        } finally {
            lock.unlock();
        }
        write();
    }

    @Override
    public void onError(Throwable cause) {
        lost(cause);
    }

    @Override
    public void onTimeout(AsyncEvent patienceIsOver) {
        if (takes(AdminReply.error(ErrorReply.timeout("The answer did not come in time."), record.call().id()))) {
            write();
        }
        record.end(RequestEnd.TIMEOUT, 0);
        end();
    }

    @Override
    public void onError(AsyncEvent event) {
        lost(event.getThrowable());
    }

    @Override
    public void onComplete(AsyncEvent end) {
        gone = true;
        reading.end(() -> {});
    }

    @Override
    public void onStartAsync(AsyncEvent again) {}

    private boolean takes(AdminReply found) {
        lock.lock();
        try {
            if (reply != null || over || gone) {
                return false;
            }
            reply = found;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** On a thread of {@link AsyncContext#start}, after whose errors Tomcat marks a response that may be another one's by then. */
    private void writeElsewhere() {
        try {
            write();
        } catch (VirtualMachineError reported) {
            // The request has ended.
        }
    }

    private void write() {
        lock.lock();
        try {
            var found = reply;
            if (found != null && writable && !over && !gone && written(found)) {
                found.note(record, found.bytes().length);
                end();
            }
        } catch (IOException lost) {
            LOG.debug("request {} lost its client", record.call().id(), lost);
            clientGone();
        } catch (VirtualMachineError fault) {
            fail(fault);
            throw fault;
        } catch (RuntimeException | Error fault) {
            fail(fault);
        } finally {
            lock.unlock();
        }
    }

    private void end(int status, RequestEnd how) {
        lock.lock();
        try {
            if (!over && !gone && !response.isCommitted()) {
                response.reset();
                response.setStatus(status);
            }
        } catch (RuntimeException | Error ended) {
            // The container shows the end where it can.
        } finally {
            lock.unlock();
        }
        record.end(how, 0);
        end();
    }

    /** Asks before the write and before the flush: a {@code false} orders a callback. */
    @GuardedBy("lock")
    private boolean written(AdminReply found) throws IOException {
        var out = response.getOutputStream();
        while (out.isReady()) {
            if (given) {
                out.flush();
                return true;
            }
            given = true;
            byte[] body = found.bytes();
            found.head(response, record.call(), body.length);
            if (body.length > 0) {
                out.write(body);
            }
        }
        writable = false;
        return false;
    }

    private void end() {
        lock.lock();
        try {
            if (over || gone) {
                return;
            }
            over = true;
        } finally {
            lock.unlock();
        }
        reading.end(this::complete);
    }

    private void complete() {
        try {
            async.complete();
        } catch (IllegalStateException endedByTheContainer) {
            LOG.debug("request {} was ended by the container", record.call().id());
        } catch (RuntimeException | Error fault) {
            LOG.error("A container failed to end request {}", record.call().id(), fault);
        }
    }
}
