package dev.warder.telemetry;

import dev.warder.http.AsyncOutcome;
import dev.warder.http.AsyncReply;
import dev.warder.http.AsyncResponse;
import dev.warder.http.SmallBody;
import dev.warder.http.SmallBodyMemory;
import dev.warder.record.RequestRecord;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;

/** Reads the body of one request, hands it over and sends the reply, without a thread that waits. Thread-safe. */
final class TelemetryBody implements SmallBody.Reader, AsyncOutcome {
    /** What follows the longest body is dropped up to here. */
    private static final long MOST_READ = 64L << 20;

    private final ClientTelemetry telemetry;
    private final TelemetryRequest request;
    private final RequestRecord record;
    private final SmallBodyMemory.Reservation reservation;

    /** The length of the body that memory is reserved for. The reading thread uses it. */
    private long reservedFor;

    /** There is no memory for the rest of the body. */
    private volatile boolean full;

    /** Set before the body is read. */
    private volatile Optional<AsyncResponse> response = Optional.empty();

    /**
     * @param reservation is released when the body has been read, or at the end of the request
     * @param length of the body, negative if it is not known
     */
    TelemetryBody(
            ClientTelemetry telemetry,
            TelemetryRequest request,
            RequestRecord record,
            SmallBodyMemory.Reservation reservation,
            long length) {
        this.reservedFor = Math.max(ClientTelemetry.LEAST, length);
        this.telemetry = telemetry;
        this.request = request;
        this.record = record;
        this.reservation = reservation;
        record.atEnd(reservation::release);
    }

    /** Begins, inside {@code service}. */
    void start(HttpServletRequest received, HttpServletResponse sent, boolean hasBody) throws IOException {
        var async = AsyncResponse.begin(received, sent, record.call().id(), this);
        response = Optional.of(async);
        try {
            if (hasBody) {
                SmallBody.read(received, async.reading(), MOST_READ, this);
            } else {
                read(Optional.of(new byte[0]));
            }
        } catch (Throwable fault) {
            async.fail(fault);
            throw fault;
        }
    }

    @Override
    public boolean keeps(long length) {
        if (length > ClientTelemetry.MOST_BYTES) {
            return false;
        }
        while (!full && reservedFor < length) {
            full = !reservation.grow(ClientTelemetry.MEMORY_FACTOR * reservedFor);
            reservedFor *= 2;
        }
        return !full;
    }

    @Override
    public void read(Optional<byte[]> body) {
        TelemetryReply reply;
        try {
            body.ifPresent(bytes -> record.read(bytes.length));
            reply = body.map(bytes -> telemetry.accept(request, bytes, reservation))
                    .orElseGet(() -> full ? request.full() : request.tooLarge());
        } catch (RuntimeException | Error fault) {
            response.ifPresent(async -> async.fail(fault));
            if (fault instanceof VirtualMachineError) {
                throw fault;
            }
            return;
        } finally {
            // Before the response, which the client may not read: this body may have had more than its client's share.
            reservation.release();
        }
        response.ifPresent(async -> async.send(of(reply)));
    }

    @Override
    public void lost(Throwable cause) {
        response.ifPresent(async -> async.lost(cause));
    }

    @Override
    public void ended(End how) {
        record.end(how);
    }

    @Override
    public Optional<AsyncReply> late() {
        return Optional.of(of(request.late()));
    }

    private AsyncReply of(TelemetryReply reply) {
        return new AsyncReply() {
            @Override
            public byte[] body() {
                return reply.body();
            }

            @Override
            public void head(HttpServletResponse sent) {
                reply.head(sent, record.call().id());
            }

            @Override
            public void written() {
                reply.note(record);
            }
        };
    }
}
