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
import org.jspecify.annotations.Nullable;

/**
 * Sends a body of Warder's own without waiting for the client: one that reads nothing would hold the container's thread,
 * and with threads that select all other clients too.
 *
 * <p>What the client itself still sends is read and dropped meanwhile, because a connection that is closed under a client in
 * mid-sentence is reset, and the answer with it (RFC 9112, section 9.6). That stops at its body's end or after 64 MiB, and
 * all of it after 30 s.
 *
 * <p>Thread-safe; touches request and response on the container's threads only.
 */
final class AnswerInOneGo implements WriteListener, ReadListener, AsyncListener {
    private static final long MOST_DROPPED = 64L * 1024 * 1024;
    private static final long MILLIS = 30_000;

    private final AsyncContext async;
    private final ServletOutputStream out;
    private final byte[] body;
    private final @Nullable ServletInputStream in;
    private final AtomicBoolean over = new AtomicBoolean();
    private long dropped;
    private boolean given;
    private volatile boolean written;
    private volatile boolean heard;

    private AnswerInOneGo(AsyncContext async, ServletOutputStream out, byte[] body, @Nullable ServletInputStream in) {
        this.async = async;
        this.out = out;
        this.body = body;
        this.in = in;
        this.heard = in == null;
    }

    /**
     * Writes {@code body} after the head that was set on {@code response}. A client that waits to be asked for its own body
     * is asked for it: Tomcat has done so before the application was called.
     */
    static void send(HttpServletRequest request, HttpServletResponse response, byte[] body) throws IOException {
        var out = response.getOutputStream();
        if (!request.isAsyncSupported()) {
            out.write(body);
            return;
        }
        boolean speaking = request.getContentLengthLong() > 0 || request.getHeader("transfer-encoding") != null;
        var in = speaking ? request.getInputStream() : null;
        var async = request.startAsync();
        var answer = new AnswerInOneGo(async, out, body, in);
        async.setTimeout(MILLIS);
        async.addListener(answer);
        out.setWriteListener(answer);
        if (in != null) {
            in.setReadListener(answer);
        }
    }

    @Override
    public void onWritePossible() throws IOException {
        while (!written && out.isReady()) {
            if (given) {
                out.flush();
                written = true;
            } else {
                given = true;
                out.write(body);
            }
        }
        endIfDone();
    }

    @Override
    public void onDataAvailable() throws IOException {
        var from = in;
        byte[] buffer = new byte[8 * 1024];
        while (from != null && dropped < MOST_DROPPED && !from.isFinished() && from.isReady()) {
            int n = from.read(buffer);
            if (n < 0) {
                break;
            }
            dropped += n;
        }
        if (from == null || dropped >= MOST_DROPPED || from.isFinished()) {
            heard = true;
            endIfDone();
        }
    }

    @Override
    public void onAllDataRead() {
        heard = true;
        endIfDone();
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

    private void endIfDone() {
        if (written && heard) {
            end();
        }
    }

    private void end() {
        if (!over.getAndSet(true)) {
            async.complete();
        }
    }
}
