package dev.warder.http;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Sends the answer to a refused client that is still sending, and reads and drops what comes, because a connection that is
 * closed under a client in mid-sentence is reset, and the answer with it (RFC 9112, section 9.6). It stops at the body's
 * end, after 64 MiB or after 30 s.
 *
 * <p>Thread-safe; touches the request on the container's threads only.
 */
final class LingeringRefusal implements ReadListener, WriteListener, AsyncListener {
    private static final long BYTES = 64L * 1024 * 1024;
    private static final long MILLIS = 30_000;

    private final AsyncContext async;
    private final ServletInputStream in;
    private final ServletOutputStream out;
    private final byte[] dropped = new byte[8 * 1024];
    private final AtomicBoolean over = new AtomicBoolean();
    private long read;
    private boolean flushed;

    private LingeringRefusal(AsyncContext async, ServletInputStream in, ServletOutputStream out) {
        this.async = async;
        this.in = in;
        this.out = out;
    }

    /**
     * Lingers when {@code request} has a body, the answer having been written but not flushed: a flush could wait for a
     * client that reads nothing. Without a body the container sends the answer at the request's end. A client that waits
     * to be asked for its body is no exception: Tomcat has asked before the application was called.
     */
    static void of(HttpServletRequest request, HttpServletResponse response) throws IOException {
        boolean body = request.getContentLengthLong() > 0 || request.getHeader("transfer-encoding") != null;
        if (body && request.isAsyncSupported()) {
            var in = request.getInputStream();
            var out = response.getOutputStream();
            var async = request.startAsync();
            var lingering = new LingeringRefusal(async, in, out);
            async.setTimeout(MILLIS);
            async.addListener(lingering);
            out.setWriteListener(lingering);
            in.setReadListener(lingering);
        }
    }

    @Override
    public void onWritePossible() throws IOException {
        if (!flushed && out.isReady()) {
            flushed = true;
            out.flush();
        }
    }

    @Override
    public void onDataAvailable() throws IOException {
        while (read < BYTES && !in.isFinished() && in.isReady()) {
            int n = in.read(dropped);
            if (n < 0) {
                break;
            }
            read += n;
        }
        if (read >= BYTES || in.isFinished()) {
            end();
        }
    }

    @Override
    public void onAllDataRead() {
        end();
    }

    @Override
    public void onError(Throwable lost) {
        end();
    }

    @Override
    public void onTimeout(AsyncEvent patienceIsOver) {
        end();
    }

    @Override
    public void onError(AsyncEvent lost) {
        end();
    }

    @Override
    public void onComplete(AsyncEvent end) {}

    @Override
    public void onStartAsync(AsyncEvent again) {}

    private void end() {
        if (!over.getAndSet(true)) {
            async.complete();
        }
    }
}
