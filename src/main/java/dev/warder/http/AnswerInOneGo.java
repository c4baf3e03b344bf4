package dev.warder.http;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Sends a body of Warder's own without waiting for the client: one that reads nothing would hold the container's thread,
 * and with threads that select all other clients too.
 *
 * <p>What the client itself still sends is read and dropped meanwhile, because a connection that is closed under a client in
 * mid-sentence is reset, and the answer with it (RFC 9112, section 9.6). Whatever becomes of that, the answer is written.
 * All of it stops after 30 s.
 *
 * <p>Thread-safe; touches the response on the container's threads only, and the request where {@link ChunkedReads} says.
 */
final class AnswerInOneGo implements WriteListener, AsyncListener {
    private static final long MILLIS = 30_000;

    private final HttpServletRequest request;
    private final AsyncContext async;
    private final ServletOutputStream out;
    private final byte[] body;
    private final boolean listensLater;
    private final AtomicBoolean over = new AtomicBoolean();
    private final ReadTurn turn;
    private boolean given;
    private volatile boolean written;
    private volatile boolean heard;

    private AnswerInOneGo(
            HttpServletRequest request, AsyncContext async, ServletOutputStream out, byte[] body, ReadTurn turn) {
        this.request = request;
        this.async = async;
        this.out = out;
        this.body = body;
        this.turn = turn;
        this.heard = request.getContentLengthLong() <= 0 && request.getHeader("transfer-encoding") == null;
        this.listensLater = !heard && request.getHeader("expect") != null;
    }

    /**
     * Writes {@code body} after the head that was set on {@code response}. A client that waits to be asked for its own body
     * need not be asked (RFC 9110, section 10.1.1), and Jetty does so as soon as the stream is opened, until the head is out.
     * Then it is opened nonetheless, because a client may go on without waiting.
     */
    static void send(HttpServletRequest request, HttpServletResponse response, byte[] body) throws IOException {
        var out = response.getOutputStream();
        if (!request.isAsyncSupported()) {
            out.write(body);
            return;
        }
        var turn = new ReadTurn(ChunkedReads.of(request));
        var answer = new AnswerInOneGo(request, request.startAsync(), out, body, turn);
        try {
            answer.begin();
        } catch (Throwable fault) {
            answer.endAfterFault(response);
            throw fault;
        }
    }

    private void begin() throws IOException {
        async.setTimeout(MILLIS);
        async.addListener(this);
        if (!heard && holdsBack(request)) {
            sendAtOnce();
        } else {
            out.setWriteListener(this);
            if (!heard && !listensLater) {
                listen();
            }
        }
    }

    /** Nothing was written yet; without this end Jetty would let the client wait. */
    private void endAfterFault(HttpServletResponse response) {
        try {
            response.reset();
            response.setStatus(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
        } catch (IllegalStateException committed) {
            // The container shows that the response is not whole.
        } finally {
            end();
        }
    }

    /**
     * Open Liberty (26.0.0.5) sends a short answer whole, when its output is closed or the request ends, flushed or not; a
     * client that has stopped in the middle of its body puts the end off.
     */
    private static boolean holdsBack(HttpServletRequest request) {
        return request.getServletContext().getServerInfo().contains("Liberty");
    }

    private void sendAtOnce() throws IOException {
        out.write(body);
        out.close();
        written = true;
        listen();
    }

    @Override
    public void onWritePossible() throws IOException {
        if (written) {
            return;
        }
        while (!written && out.isReady()) {
            if (given) {
                out.flush();
                written = true;
            } else {
                given = true;
                out.write(body);
            }
        }
        if (written && listensLater) {
            listen();
        }
        endIfDone();
    }

    private void listen() throws IOException {
        request.getInputStream().setReadListener(new DroppedBody(turn, request.getInputStream(), this::heard));
    }

    private void heard() {
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
    public void onComplete(AsyncEvent end) {
        if (!over.getAndSet(true)) {
            turn.end(() -> {});
        }
    }

    @Override
    public void onStartAsync(AsyncEvent again) {}

    private void endIfDone() {
        if (written && heard) {
            end();
        }
    }

    private void end() {
        if (!over.getAndSet(true)) {
            turn.end(this::complete);
        }
    }

    private void complete() {
        try {
            async.complete();
        } catch (IllegalStateException endedByTheContainer) {
            // Tomcat ends what has failed by itself, and does not take kindly to hearing of it again.
        }
    }
}
