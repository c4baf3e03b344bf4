package dev.warder.exchange.down;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.container.CallbackGuard;
import dev.warder.container.CallbackGuard.FaultHandler;
import dev.warder.exchange.down.ResponseSink.Flow;
import dev.warder.http.Field;
import dev.warder.http.Fields;
import dev.warder.record.TryRecord;
import dev.warder.upstream.h2.StreamExchange.ExchangeFaultException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
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
 * Takes the upstream's response from HttpCore, and allows it to send only as much as the client has taken.
 *
 * <p>Called by one reactor thread at a time; {@link #taken} and the questions by any thread.
 */
public final class UpstreamResponse implements AsyncResponseConsumer<Void>, FutureCallback<Void>, Flow {
    /** How far the response has come. */
    private enum Progress {
        WAITING,
        BEGUN,
        ENDED
    }

    private final ResponseSink sink;
    private final FaultHandler faults;
    private final TryRecord record;
    private final boolean toHead;
    private final ResponseWindow window = new ResponseWindow();
    private final AtomicReference<Progress> progress = new AtomicReference<>(Progress.WAITING);
    private @Nullable FutureCallback<Void> finished;

    /**
     * @param sink receives the response, on reactor threads
     * @param faults receives what the sink throws
     * @param record is updated before the sink is called
     * @param toHead whether the request's method is HEAD
     */
    public UpstreamResponse(ResponseSink sink, FaultHandler faults, TryRecord record, boolean toHead) {
        this.sink = sink;
        this.faults = faults;
        this.record = record;
        this.toHead = toHead;
    }

    public boolean hasBegun() {
        return progress.get() != Progress.WAITING;
    }

    public boolean hasEnded() {
        return progress.get() == Progress.ENDED;
    }

    @Override
    public void taken(int bytes) {
        window.taken(bytes);
        CallbackGuard.run(this::widen, faults);
    }

    @Override
    public void dropped() {
        taken(window.untaken());
    }

    @Override
    public void consumeResponse(
            HttpResponse response, @Nullable EntityDetails content, HttpContext context, FutureCallback<Void> done) {
        finished = done;
        record.responded(response.getCode());
        sink.head(UpstreamHead.of(response, content, toHead), this);
        progress.set(Progress.BEGUN);
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
        window.opened(channel);
        widen();
    }

    @Override
    public void consume(ByteBuffer piece) {
        window.came(piece.remaining());
        byte[] bytes = new byte[piece.remaining()];
        piece.get(bytes);
        sink.piece(bytes, bytes.length);
    }

    @Override
    public void streamEnd(@Nullable List<? extends Header> trailersNotRelayed) {
        record.whole();
        progress.set(Progress.ENDED);
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

    /** Opens the window as far as it may be, which fails where the connection is closed. */
    private void widen() {
        try {
            window.widen();
        } catch (IOException | RuntimeException closed) {
            fail(closed);
        }
    }

    /** Ignores failures after the end: the sink has the whole response. */
    private void fail(Exception cause) {
        record.failed();
        if (cause instanceof ExchangeFaultException) {
            CallbackGuard.report(Objects.requireNonNullElse(cause.getCause(), cause), faults);
        } else if (!hasEnded()) {
            CallbackGuard.run(() -> sink.failed(Failure.of(cause)), faults);
        }
    }

    /**
     * How much of a response the upstream may send: as much as the client has taken. HttpCore hands its window over only once the
     * initial one is spent, so what the client took before that is kept as credit. And it reads on at any credit, however far its
     * window is overdrawn; so the credit is handed over only once that opens the window. Thread-safe.
     */
    private static final class ResponseWindow {
        /** Half the window that HttpCore begins with: with less than that untaken, its window is open. */
        private static final int LOW_WATER = 32 * 1024;

        @GuardedBy("this")
        private @Nullable CapacityChannel channel;

        @GuardedBy("this")
        private long untaken;

        @GuardedBy("this")
        private long credit;

        synchronized void opened(CapacityChannel window) {
            channel = window;
        }

        /** Bytes have come. */
        synchronized void came(int bytes) {
            untaken += bytes;
        }

        /** The client took bytes, or they were stored elsewhere. */
        synchronized void taken(int bytes) {
            credit += bytes;
            untaken -= bytes;
        }

        synchronized int untaken() {
            return (int) Math.max(0, untaken);
        }

        /** Hands the credit over where that opens the window; without the lock, since HttpCore is called. */
        void widen() throws IOException {
            CapacityChannel open;
            int bytes;
            synchronized (this) {
                open = channel;
                if (open == null || untaken > LOW_WATER) {
                    return;
                }
                bytes = (int) Math.min(credit, Integer.MAX_VALUE);
                credit = 0;
            }
            if (bytes > 0) {
                open.update(bytes);
            }
        }
    }

    /** Reads the head of a response as HttpCore has it. */
    static final class UpstreamHead {
        private UpstreamHead() {}

        static ResponseHead of(HttpResponse response, @Nullable EntityDetails content, boolean toHead) {
            var named = response.containsHeader("connection")
                    ? Fields.namedByConnection(values(response, "connection"))
                    : Set.<String>of();
            var headers = response.getHeaders();
            var fields = new ArrayList<Field>(headers.length);
            for (var header : headers) {
                if (Fields.isToken(header.getName()) && Fields.goesDown(header.getName(), named)) {
                    fields.add(new Field(header.getName(), Fields.forwardable(value(header))));
                }
            }
            return new ResponseHead(
                    response.getCode(),
                    fields,
                    content != null ? content.getContentLength() : toHead ? declaredLength(response) : -1,
                    coding(response),
                    ResponseHead.isEventStream(content == null ? null : content.getContentType()));
        }

        private static List<String> values(HttpResponse response, String name) {
            var values = new ArrayList<String>();
            for (var header : response.getHeaders(name)) {
                values.add(value(header));
            }
            return values;
        }

        /** The value, read once: HttpCore makes a new text each time. */
        private static String value(Header header) {
            return Objects.requireNonNullElse(header.getValue(), "");
        }

        private static String coding(HttpResponse response) {
            if (!response.containsHeader("content-encoding")) {
                return "";
            }
            var codings = values(response, "content-encoding");
            codings.replaceAll(value -> value.strip().toLowerCase(Locale.ROOT));
            codings.removeIf("identity"::equals);
            return String.join(",", codings);
        }

        private static long declaredLength(HttpResponse response) {
            var length = response.getFirstHeader("content-length");
            try {
                return length == null ? -1 : Long.parseLong(length.getValue().strip());
            } catch (NumberFormatException odd) {
                return -1;
            }
        }
    }
}
