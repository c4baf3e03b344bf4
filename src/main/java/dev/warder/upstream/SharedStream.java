package dev.warder.upstream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.HttpStreamResetException;
import org.apache.hc.core5.http.RequestNotExecutedException;
import org.apache.hc.core5.http.nio.AsyncClientExchangeHandler;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.apache.hc.core5.http.nio.RequestChannel;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/**
 * One try of a call as a stream of a shared connection. Ends once: with the answer, a failure, a cancel, or by handing the
 * call on to another try, which is safe when the upstream said that it has not started on it (RFC 9113, section 8.7).
 *
 * <p>Called by the connection's reactor thread, and {@link #cancel} by any. What HttpCore throws out of an exchange handler
 * resets the stream only if it is an {@link HttpStreamResetException} thrown at something that came; anything else would take
 * the neighbours along.
 */
final class SharedStream implements AsyncClientExchangeHandler {
    private final SharedCall call;
    private final SharedConnection connection;
    private final StreamAnswer answer;
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicBoolean released = new AtomicBoolean();
    private volatile int id;
    private volatile @Nullable StreamWindow window;
    private volatile @Nullable DataStreamChannel channel;
    private volatile boolean sends = true;
    private boolean leftBehind;

    SharedStream(SharedCall call, SharedConnection connection) {
        this.call = call;
        this.connection = connection;
        this.answer = new StreamAnswer(call);
    }

    SharedCall call() {
        return call;
    }

    SharedConnection connection() {
        return connection;
    }

    /** The stream's number, 0 until its head was sent. */
    int id() {
        return id;
    }

    void numbered(int streamId) {
        id = streamId;
    }

    /** Takes the call away from this try, which was never begun; false when it is over already. */
    boolean handOn() {
        return over.compareAndSet(false, true);
    }

    boolean isOver() {
        return over.get();
    }

    /**
     * Ends the stream. Of one that the reactor has not begun, nothing is sent. HttpCore 5.4.4 resets a stream only when its
     * next frame comes, so one is let through if the window was spent; and the connection gets no further call until the
     * stream has come to its end.
     */
    @Override
    public void cancel() {
        sends = false;
        over.set(true);
        if (connection.abandon(this)) {
            release();
            return;
        }
        if (connection.takeBack(this)) {
            releaseResources();
            return;
        }
        try {
            var open = window;
            if (open != null) {
                open.letLastFrameCome();
            }
            var up = channel;
            if (up != null) {
                up.requestOutput();
            }
        } catch (IOException | RuntimeException connectionLost) {
            // Then the stream has ended, too.
        }
    }

    @Override
    public void produceRequest(RequestChannel head, HttpContext context) throws HttpException, IOException {
        connection.begins(this);
        call.request().sendRequest(head, context);
    }

    @Override
    public int available() {
        return sends ? call.request().available() : 0;
    }

    @Override
    public void produce(DataStreamChannel body) throws IOException {
        channel = body;
        if (sends) {
            try {
                call.request().produce(body);
            } catch (RuntimeException | CallFaultException fault) {
                failed(fault);
                cancel();
            }
            return;
        }
        release();
        if (answer.isWhole()) {
            // No frame will come that the stream could be reset at, and the upstream does not wait for the rest.
            body.endStream();
        }
    }

    @Override
    public void consumeInformation(HttpResponse notRelayed, HttpContext context) throws IOException {
        resetIfOver();
    }

    @Override
    public void consumeResponse(HttpResponse response, @Nullable EntityDetails content, HttpContext context)
            throws HttpException, IOException {
        resetIfOver();
        if (content == null) {
            over.set(true);
        }
        answer.head(response, content, context);
    }

    /**
     * Throws nothing when the call is over: HttpCore 5.4.4 asks before it counts the frame, and the bytes of each frame that
     * it does not come to count would be missing from the window of the whole connection for good.
     */
    @Override
    public void updateCapacity(CapacityChannel capacity) throws IOException {
        if (over.get()) {
            return;
        }
        var open = window;
        if (open == null) {
            open = new StreamWindow(capacity);
            window = open;
        }
        try {
            call.answer().updateCapacity(open);
        } catch (RuntimeException | CallFaultException fault) {
            failed(fault);
        }
    }

    @Override
    public void consume(ByteBuffer piece) throws IOException {
        resetIfOver();
        answer.piece(piece);
    }

    @Override
    public void streamEnd(@Nullable List<? extends Header> trailers) throws HttpException, IOException {
        resetIfOver();
        answer.requireWhole();
        over.set(true);
        answer.end();
    }

    /** The upstream goes away, and has not started on this stream. On the reactor's thread. */
    void leftBehind() {
        leftBehind = true;
        failed(new RequestNotExecutedException());
    }

    @Override
    public void failed(Exception cause) {
        sends = false;
        if (!over.compareAndSet(false, true)) {
            return;
        }
        var next = nextTry(cause);
        if (next.isEmpty()) {
            answer.failed(cause);
            return;
        }
        released.set(true);
        if (id > 0) {
            call.request().releaseResources();
            connection.sendElsewhere(next.get());
        } else {
            connection.giveBack(next.get());
        }
    }

    @Override
    public void releaseResources() {
        var open = window;
        if (open != null) {
            open.close();
        }
        connection.ended(this);
        release();
    }

    private void release() {
        if (released.compareAndSet(false, true)) {
            call.request().releaseResources();
            call.answer().releaseResources();
        }
    }

    /** The call once more, if the upstream has not started on it, nor will, and the whole request can be sent. */
    private Optional<SharedCall> nextTry(Exception cause) {
        boolean notExecuted = cause instanceof RequestNotExecutedException;
        if (id == 0) {
            return notExecuted ? call.moved() : Optional.empty();
        }
        boolean notStarted = leftBehind || connection.refused() == id;
        return notStarted && !answer.isBegun() && call.request().isRepeatable() ? call.again() : Optional.empty();
    }

    private void resetIfOver() throws HttpStreamResetException {
        if (over.get()) {
            throw new HttpStreamResetException("Nobody waits for this stream");
        }
    }
}
