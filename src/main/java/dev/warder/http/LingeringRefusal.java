package dev.warder.http;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Reads and drops what a refused client still sends, because a connection that is closed under a client in mid-sentence is
 * reset, and the answer with it (RFC 9112, section 9.6). It stops at the body's end, after 64 MiB or after 30 s.
 *
 * <p>Thread-safe; touches the request on the container's threads only.
 */
final class LingeringRefusal implements ReadListener, AsyncListener {
    private static final long BYTES = 64L * 1024 * 1024;
    private static final long MILLIS = 30_000;

    private final AsyncContext async;
    private final ServletInputStream in;
    private final byte[] dropped = new byte[8 * 1024];
    private final AtomicBoolean over = new AtomicBoolean();
    private long read;

    private LingeringRefusal(AsyncContext async, ServletInputStream in) {
        this.async = async;
        this.in = in;
    }

    /**
     * Lingers when {@code request} has a body, the answer having been flushed. A client that waits to be asked for its body
     * is no exception: Tomcat has asked before the application was called.
     */
    static void of(HttpServletRequest request) throws IOException {
        boolean body = request.getContentLengthLong() > 0 || request.getHeader("transfer-encoding") != null;
        if (body && request.isAsyncSupported()) {
            var in = request.getInputStream();
            var async = request.startAsync();
            var lingering = new LingeringRefusal(async, in);
            async.setTimeout(MILLIS);
            async.addListener(lingering);
            in.setReadListener(lingering);
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
