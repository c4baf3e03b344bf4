package dev.warder.proxy;

import dev.warder.record.AttemptRecord;
import dev.warder.upstream.CallFaultException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.jspecify.annotations.Nullable;

/**
 * Takes the upstream's response from HttpCore, and lets it send only as much as the client has taken.
 *
 * <p>Called by one reactor thread at a time; {@link #taken} by any thread. HttpCore hands its window over only once the
 * initial one is spent, so what the client took before that is kept as credit. And it reads on at any credit, however far
 * its window is overdrawn; so the credit is handed over only once that opens the window.
 */
final class UpstreamResponse implements AsyncResponseConsumer<Void>, FutureCallback<Void>, Flow {
    /** Half the window that HttpCore begins with: with less than that untaken, its window is open. */
    private static final int LOW_WATER = 32 * 1024;

    private final ResponseSink sink;
    private final FaultHandler faults;
    private final AttemptRecord record;
    private final boolean toHead;
    private final AtomicLong untaken = new AtomicLong();
    private final AtomicLong credit = new AtomicLong();
    private final AtomicLong ahead = new AtomicLong();
    private volatile boolean begun;
    private volatile boolean ended;
    private volatile @Nullable CapacityChannel window;
    private @Nullable FutureCallback<Void> finished;

    /**
     * @param sink receives the response, on reactor threads
     * @param faults receives what the sink throws
     * @param record is updated before the sink is called
     * @param toHead whether the request's method is HEAD
     */
    UpstreamResponse(ResponseSink sink, FaultHandler faults, AttemptRecord record, boolean toHead) {
        this.sink = sink;
        this.faults = faults;
        this.record = record;
        this.toHead = toHead;
    }

    /** Whether the head has come. */
    boolean hasBegun() {
        return begun;
    }

    /** Whether the response is whole. */
    boolean hasEnded() {
        return ended;
    }

    @Override
    public void taken(int bytes) {
        CallbackGuard.run(
                () -> {
                    long before = ahead.getAndUpdate(held -> held - Math.min(bytes, held));
                    give(bytes - (int) Math.min(bytes, before));
                },
                faults);
    }

    @Override
    public void heldBack(int bytes) {
        ahead.addAndGet(bytes);
        give(bytes);
    }

    @Override
    public void consumeResponse(
            HttpResponse response, @Nullable EntityDetails content, HttpContext context, FutureCallback<Void> done) {
        finished = done;
        record.answered(response.getCode());
        sink.head(ResponseHead.of(response, content, toHead), this);
        begun = true;
        clearHeads(response, context);
        if (content == null) {
            streamEnd(List.of());
        }
    }

    /**
     * Removes the fields of both heads. HttpClient refers to both messages until the response ends, which for a stream can be
     * an hour. Retries and redirects are off, so it reads only {@code Keep-Alive} afterwards
     * (HttpAsyncMainClientExec.consumeResponse asks how long the connection may be kept).
     */
    private static void clearHeads(HttpResponse response, HttpContext context) {
        response.setHeaders(response.getHeaders("keep-alive"));
        var request = HttpCoreContext.cast(context).getRequest();
        if (request != null) {
            request.setHeaders();
        }
    }

    @Override
    public void informationResponse(HttpResponse notRelayed, HttpContext context) {}

    @Override
    public void updateCapacity(CapacityChannel channel) {
        window = channel;
        widen();
    }

    @Override
    public void consume(ByteBuffer piece) {
        untaken.addAndGet(piece.remaining());
        byte[] bytes = new byte[piece.remaining()];
        piece.get(bytes);
        sink.piece(bytes, bytes.length);
    }

    @Override
    public void streamEnd(@Nullable List<? extends Header> trailersNotRelayed) {
        record.whole();
        ended = true;
        sink.end();
        var done = finished;
        if (done != null) {
            finished = null;
            done.completed(null);
        }
    }

    @Override
    public void failed(Exception cause) {
        fail(cause);
    }

    @Override
    public void completed(@Nullable Void nothing) {}

    @Override
    public void cancelled() {
        fail(new CancellationException("cancelled"));
    }

    @Override
    public void releaseResources() {}

    private void give(int bytes) {
        credit.addAndGet(bytes);
        untaken.addAndGet(-bytes);
        widen();
    }

    private void widen() {
        var channel = window;
        if (channel == null || untaken.get() > LOW_WATER) {
            return;
        }
        int bytes = (int) Math.min(credit.getAndSet(0), Integer.MAX_VALUE);
        if (bytes > 0) {
            try {
                channel.update(bytes);
            } catch (IOException | RuntimeException closed) {
                fail(closed);
            }
        }
    }

    /** Ignores failures after the end: the sink has the whole response. */
    private void fail(Exception cause) {
        record.failed();
        if (cause instanceof CallFaultException) {
            CallbackGuard.report(Objects.requireNonNullElse(cause.getCause(), cause), faults);
        } else if (!ended) {
            CallbackGuard.run(() -> sink.failed(Failure.of(cause)), faults);
        }
    }
}
