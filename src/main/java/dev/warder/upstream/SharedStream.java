package dev.warder.upstream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.HttpStreamResetException;
import org.apache.hc.core5.http.RequestNotExecutedException;
import org.apache.hc.core5.http.impl.IncomingEntityDetails;
import org.apache.hc.core5.http.nio.AsyncClientExchangeHandler;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.apache.hc.core5.http.nio.RequestChannel;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http2.H2Error;
import org.apache.hc.core5.http2.H2StreamResetException;
import org.jspecify.annotations.Nullable;

/**
 * One try of a call as a stream of a shared connection. Ends once: with the answer, a failure, a cancel, or by handing the
 * call on to another try, which is safe when the upstream said that it has not started on it (RFC 9113, section 8.7).
 *
 * <p>Called by the connection's reactor thread, and {@link #cancel} by any. What HttpCore throws out of an exchange handler
 * resets the stream only if it is an {@link HttpStreamResetException}; anything else would take the neighbours along.
 */
final class SharedStream implements AsyncClientExchangeHandler {
    private final SharedCall call;
    private final SharedConnection connection;
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicBoolean released = new AtomicBoolean();
    private volatile int id;
    private volatile @Nullable StreamWindow window;
    private volatile @Nullable DataStreamChannel channel;
    private volatile boolean sends = true;
    private boolean answered;
    private boolean answeredWhole;
    private long missing = -1;

    SharedStream(SharedCall call, SharedConnection connection) {
        this.call = call;
        this.connection = connection;
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
     * Ends the stream. Of one that the reactor has not begun, nothing is sent. HttpCore 5.4.4 resets a stream only when its next frame comes, so one is let through if the window
     * was spent; and the connection gets no further call until the stream has come to its end.
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
            call.request().produce(body);
            return;
        }
        release();
        if (answeredWhole) {
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
        answered = true;
        if (content == null) {
            answeredWhole = true;
            over.set(true);
            call.answer().consumeResponse(response, null, context, call.end());
            return;
        }
        missing = declaredLength(response);
        try {
            var details = new IncomingEntityDetails(response, missing);
            call.answer().consumeResponse(response, details, context, call.end());
        } catch (RuntimeException fault) {
            throw reset(fault);
        }
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
        } catch (RuntimeException fault) {
            failed(fault);
        }
    }

    @Override
    public void consume(ByteBuffer piece) throws IOException {
        resetIfOver();
        if (missing >= 0) {
            missing -= piece.remaining();
            if (missing < 0) {
                throw new HttpStreamResetException("The answer is longer than its declared length");
            }
        }
        try {
            call.answer().consume(piece);
        } catch (RuntimeException fault) {
            throw reset(fault);
        }
    }

    @Override
    public void streamEnd(@Nullable List<? extends Header> trailers) throws HttpException, IOException {
        resetIfOver();
        if (missing > 0) {
            throw new HttpStreamResetException("The answer is shorter than its declared length");
        }
        answeredWhole = true;
        over.set(true);
        call.answer().streamEnd(null);
    }

    @Override
    public void failed(Exception cause) {
        sends = false;
        if (!over.compareAndSet(false, true)) {
            return;
        }
        if (!answered && call.mayBegin() && isNotStarted(cause) && isSendable()) {
            if (id > 0) {
                call.request().releaseResources();
            }
            released.set(true);
            connection.sendElsewhere(call.again());
        } else {
            if (answered) {
                call.answer().failed(cause);
            }
            call.end().failed(cause);
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

    /** Whether the whole request can be sent: nothing of it has left yet, or it can be had again. */
    private boolean isSendable() {
        return id == 0 || call.request().isRepeatable();
    }

    private static boolean isNotStarted(Exception cause) {
        return cause instanceof RequestNotExecutedException
                || cause instanceof H2StreamResetException reset && reset.getCode() == H2Error.REFUSED_STREAM.getCode();
    }

    private void resetIfOver() throws HttpStreamResetException {
        if (over.get()) {
            throw new HttpStreamResetException("Nobody waits for this stream");
        }
    }

    private static HttpStreamResetException reset(RuntimeException fault) {
        return new HttpStreamResetException("A fault ended the stream", fault);
    }

    private static long declaredLength(HttpResponse response) {
        var field = response.getFirstHeader("content-length");
        try {
            return field == null ? -1 : Long.parseLong(field.getValue());
        } catch (NumberFormatException malformed) {
            return -1;
        }
    }
}
