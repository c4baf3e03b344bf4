package dev.warder.admin;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.http.AccessLine;
import dev.warder.http.Call;
import dev.warder.http.ChunkedReads;
import dev.warder.http.ErrorReply;
import dev.warder.http.ReadTurn;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
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
    private final ServletOutputStream out;
    private final Call call;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private @Nullable AdminReply reply;

    @GuardedBy("lock")
    private boolean writable;

    @GuardedBy("lock")
    private boolean given;

    @GuardedBy("lock")
    private boolean over;

    private LaterAnswer(
            ReadTurn reading, AsyncContext async, HttpServletResponse response, ServletOutputStream out, Call call) {
        this.reading = reading;
        this.async = async;
        this.response = response;
        this.out = out;
        this.call = call;
    }

    /** Lets the container's thread go; to be called inside {@code service}, where all listeners must be set. */
    static LaterAnswer begin(HttpServletRequest request, Call call) throws IOException {
        var reading = new ReadTurn(ChunkedReads.of(request));
        var async = request.startAsync();
        var response = (HttpServletResponse) async.getResponse();
        var answer = new LaterAnswer(reading, async, response, response.getOutputStream(), call);
        async.setTimeout(MILLIS);
        async.addListener(answer);
        answer.out.setWriteListener(answer);
        return answer;
    }

    /** The turn to read the request's body, which ends with the request. */
    ReadTurn reading() {
        return reading;
    }

    /** Answers, unless that was done; on any thread. */
    void send(AdminReply found) {
        if (takes(found)) {
            try {
                async.start(this::write);
            } catch (RuntimeException ended) {
                LOG.debug("request {} ended before its answer", call.id(), ended);
            }
        }
    }

    /** The client broke off. */
    void clientGone() {
        call.line().end(AccessLine.End.CLIENT_GONE, 0);
        end();
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
    public void onError(Throwable lost) {
        clientGone();
    }

    @Override
    public void onTimeout(AsyncEvent patienceIsOver) {
        if (takes(AdminReply.error(ErrorReply.timeout("The answer did not come in time."), call.id()))) {
            write();
        }
        call.line().end(AccessLine.End.TIMEOUT, 0);
        end();
    }

    @Override
    public void onError(AsyncEvent lost) {
        clientGone();
    }

    @Override
    public void onComplete(AsyncEvent end) {
        reading.end(() -> {});
    }

    @Override
    public void onStartAsync(AsyncEvent again) {}

    private boolean takes(AdminReply found) {
        lock.lock();
        try {
            if (reply != null || over) {
                return false;
            }
            reply = found;
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void write() {
        lock.lock();
        try {
            var found = reply;
            if (found != null && writable && !over && written(found)) {
                found.note(call, found.bytes().length);
                end();
            }
        } catch (IOException | RuntimeException gone) {
            LOG.debug("request {} lost its client", call.id(), gone);
            clientGone();
        } finally {
            lock.unlock();
        }
    }

    /** Asks before the write and before the flush: a {@code false} orders a callback. */
    @GuardedBy("lock")
    private boolean written(AdminReply found) throws IOException {
        while (out.isReady()) {
            if (given) {
                out.flush();
                return true;
            }
            given = true;
            byte[] body = found.bytes();
            found.head(response, call, body.length);
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
            if (over) {
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
            LOG.debug("request {} was ended by the container", call.id());
        }
    }
}
