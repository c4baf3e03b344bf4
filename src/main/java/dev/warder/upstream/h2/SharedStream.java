package dev.warder.upstream.h2;

import dev.warder.upstream.h2.SharedConnections.SharedExchange;
import dev.warder.upstream.h2.StreamExchange.ExchangeFaultException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
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
import org.jspecify.annotations.Nullable;

/**
 * An exchange as a stream of a shared connection. It ends once: with the response, a failure, a cancellation, or
 * by passing the exchange to another stream. That is safe when the upstream reported that it has not started on it (RFC 9113,
 * section 8.7).
 *
 * <p>Called by the connection's reactor thread; {@link #cancel} may be called by any thread. An exception that leaves
 * an exchange handler resets only its stream under two conditions. It must be an {@link HttpStreamResetException}, and
 * it must be thrown while HttpCore processes something received. Any other exception would end the other streams of the
 * connection as well.
 */
final class SharedStream implements AsyncClientExchangeHandler {
    final SharedExchange exchange;
    private final StreamExchange parts;
    final SharedConnection connection;
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicBoolean released = new AtomicBoolean();
    private volatile int id;
    private volatile @Nullable StreamWindow window;
    private volatile @Nullable DataStreamChannel channel;
    private volatile boolean sends = true;
    private boolean leftBehind;
    private boolean begun;
    private boolean whole;

    /** Bytes of the response that are still to come; negative when it declares no length. */
    private long missing = -1;

    private interface Report {
        void run() throws HttpException, IOException;
    }

    SharedStream(SharedExchange exchange, SharedConnection connection) {
        this.exchange = exchange;
        this.parts = exchange.exchange();
        this.connection = connection;
    }

    /** The stream's number, 0 until its head was sent. */
    int id() {
        return id;
    }

    void numbered(int streamId) {
        id = streamId;
    }

    /** Takes the exchange away from this stream, which was never begun; false when the stream is over already. */
    boolean handOn() {
        return over.compareAndSet(false, true);
    }

    boolean isOver() {
        return over.get();
    }

    /**
     * Ends the stream. If the reactor has not begun it, nothing is sent. HttpCore 5.4.4 resets a stream only when its
     * next frame arrives, so one frame is allowed if the window was spent. The connection gets no further exchange until
     * the stream has ended.
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
                open.allowLastFrame();
            }
            var up = channel;
            if (up != null) {
                up.requestOutput();
            }
        } catch (IOException | RuntimeException connectionLost) {
            // In this case the stream has ended, too.
        }
    }

    @Override
    public void produceRequest(RequestChannel head, HttpContext context) throws HttpException, IOException {
        connection.begins(this);
        parts.request().sendRequest(head, context);
    }

    @Override
    public int available() {
        return sends ? parts.request().available() : 0;
    }

    @Override
    public void produce(DataStreamChannel body) throws IOException {
        channel = body;
        if (sends) {
            try {
                parts.request().produce(body);
            } catch (RuntimeException | ExchangeFaultException fault) {
                failed(fault);
                cancel();
            }
            return;
        }
        release();
        if (whole) {
            // No further frame will arrive at which the stream could be reset, and the upstream does not wait for the
            // rest.
            body.endStream();
        }
    }

    @Override
    public void consumeInformation(HttpResponse notRelayed, HttpContext context) throws IOException {
        resetIfOver();
    }

    @Override
    public void consumeResponse(HttpResponse head, @Nullable EntityDetails content, HttpContext context)
            throws HttpException, IOException {
        resetIfOver();
        begun = true;
        if (content == null) {
            reportLast(() -> parts.response().consumeResponse(head, null, context, parts.end()));
            return;
        }
        missing = declaredLength(head);
        var details = new IncomingEntityDetails(head, missing);
        report(() -> parts.response().consumeResponse(head, details, context, parts.end()));
    }

    /**
     * Throws nothing when the exchange is over. HttpCore 5.4.4 calls this before it counts the frame. The bytes of each
     * frame that remains uncounted would be missing from the window of the whole connection permanently.
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
            parts.response().updateCapacity(open);
        } catch (RuntimeException | ExchangeFaultException fault) {
            failed(fault);
        }
    }

    @Override
    public void consume(ByteBuffer piece) throws IOException {
        resetIfOver();
        if (missing >= 0) {
            missing -= piece.remaining();
            if (missing < 0) {
                throw new HttpStreamResetException("The response is longer than its declared length");
            }
        }
        report(() -> parts.response().consume(piece));
    }

    @Override
    public void streamEnd(@Nullable List<? extends Header> trailers) throws HttpException, IOException {
        resetIfOver();
        if (missing > 0) {
            throw new HttpStreamResetException("The response is shorter than its declared length");
        }
        reportLast(() -> parts.response().streamEnd(null));
    }

    /** The upstream goes away, and has not started on this stream. Called on the reactor's thread. */
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
        var next = next(cause);
        if (next.isEmpty()) {
            reportFailure(cause);
            return;
        }
        released.set(true);
        if (id > 0) {
            parts.request().releaseResources();
            connection.owner.execute(next.get());
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
            parts.request().releaseResources();
            parts.response().releaseResources();
        }
    }

    /**
     * Returns the exchange again, if the upstream has not started on it and never will, and the whole request can be sent.
     */
    private Optional<SharedExchange> next(Exception cause) {
        boolean notExecuted = cause instanceof RequestNotExecutedException;
        if (id == 0) {
            return notExecuted ? exchange.moved() : Optional.empty();
        }
        boolean notStarted = leftBehind || connection.refused() == id;
        return notStarted && !begun && parts.request().isRepeatable() ? exchange.again() : Optional.empty();
    }

    private void resetIfOver() throws HttpStreamResetException {
        if (over.get()) {
            throw new HttpStreamResetException("The exchange of this stream is over");
        }
    }

    /** Reports a failure of the exchange to its parts. */
    private void reportFailure(Exception cause) {
        if (begun) {
            parts.response().failed(cause);
        }
        parts.end().failed(cause);
    }

    /** Whatever the consumer throws becomes an {@link HttpStreamResetException}, so that other streams are not affected. */
    private static void report(Report report) throws HttpStreamResetException {
        try {
            report.run();
        } catch (HttpException | IOException | RuntimeException fault) {
            throw new HttpStreamResetException("A fault ended the stream", fault);
        }
    }

    private void reportLast(Report last) {
        over.set(true);
        whole = true;
        try {
            last.run();
        } catch (HttpException | IOException | RuntimeException fault) {
            reportFailure(fault);
        }
    }

    private static long declaredLength(HttpResponse response) {
        var field = response.getFirstHeader("content-length");
        try {
            return field == null ? -1 : Long.parseLong(field.getValue());
        } catch (NumberFormatException malformed) {
            return -1;
        }
    }

    /**
     * The window of one stream, widened in portions of half its size. Each widening is a frame to the upstream (RFC 9113,
     * section 6.9), and one that comes after the end of the stream counts as abuse with some upstreams. Thread-safe.
     */
    static final class StreamWindow implements CapacityChannel {
        /**
         * Bytes that the upstream may send before the client has taken any: the most that is queued for a client that
         * stalls.
         */
        static final int SIZE = 128 * 1024;

        private static final int PORTION = SIZE / 2;

        private final CapacityChannel channel;
        private final AtomicInteger held = new AtomicInteger();
        private final AtomicBoolean closed = new AtomicBoolean();

        StreamWindow(CapacityChannel channel) {
            this.channel = channel;
        }

        @Override
        public void update(int taken) throws IOException {
            if (!closed.get() && held.addAndGet(taken) >= PORTION) {
                int portion = held.getAndSet(0);
                if (portion > 0) {
                    channel.update(portion);
                }
            }
        }

        /** Allows one more frame of a stream that was cancelled, and nothing after it, however often this is called. */
        void allowLastFrame() throws IOException {
            if (closed.compareAndSet(false, true)) {
                channel.update(PORTION);
            }
        }

        void close() {
            closed.set(true);
        }
    }
}
