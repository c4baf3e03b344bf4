package dev.warder.observe;

import dev.warder.http.AsyncReply;
import dev.warder.http.AsyncReply.AsyncOutcome;
import dev.warder.http.AsyncResponse;
import dev.warder.http.OwnResponse;
import dev.warder.http.SmallBody;
import dev.warder.http.SmallBodyMemory;
import dev.warder.json.JsonTree;
import dev.warder.record.RequestEnd;
import dev.warder.record.RequestRecord;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Reads the body of one request, hands it over and sends the reply, without a thread that waits. Thread-safe. */
final class TelemetryBody implements SmallBody.Reader, AsyncOutcome {
    static final String JSON = "application/json";

    private static final int MOST_BYTES = 4 << 20;

    private static final long MOST_READ = 64L << 20;

    /** A body is collected in a buffer that doubles, and copied once. */
    private static final long MEMORY_FACTOR = 3;

    /** The least length that a body reserves, in bytes: a request without a body needs memory too. */
    private static final int LEAST = 64 << 10;

    private final ClientTelemetry telemetry;
    private final RequestRecord record;
    private final TelemetryRelay.Message message;

    /** The length of the body that memory is reserved for. The reading thread uses it. */
    private long reservedFor;

    private volatile boolean full;

    /** Both are set before the body is read. */
    private volatile Optional<SmallBodyMemory.Reservation> reservation = Optional.empty();

    private volatile Optional<AsyncResponse> response = Optional.empty();

    /** @param message has no bytes yet */
    TelemetryBody(ClientTelemetry telemetry, RequestRecord record, TelemetryRelay.Message message) {
        this.telemetry = telemetry;
        this.record = record;
        this.message = message;
    }

    void start(HttpServletRequest received, HttpServletResponse sent) throws IOException {
        // In HTTP/2, a body needs neither a length nor another field.
        boolean framedByStream = received.getProtocol().startsWith("HTTP/2") && received.getContentLengthLong() < 0;
        boolean hasBody = framedByStream || SmallBody.isSent(received);
        reservedFor = Math.max(LEAST, hasBody ? received.getContentLengthLong() : 0);
        boolean fits = reservedFor <= MOST_BYTES;
        reservation = fits ? telemetry.memory.take(message.client(), MEMORY_FACTOR * reservedFor) : reservation;
        if (reservation.isEmpty()) {
            var refusal = refusal(fits);
            refusal.open(sent);
            refusal.written();
            OwnResponse.send(received, sent, refusal.body());
            return;
        }
        record.atEnd(this::release);
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
        while (!full && length <= MOST_BYTES && reservedFor < length) {
            long more = MEMORY_FACTOR * reservedFor;
            full = !reservation.orElseThrow().grow(more);
            reservedFor *= 2;
        }
        return !full && length <= MOST_BYTES;
    }

    @Override
    public void read(Optional<byte[]> body) {
        Reply reply;
        try {
            body.ifPresent(bytes -> {
                record.read(bytes.length);
                telemetry.accept(message.with(bytes));
            });
            reply = body.isPresent() ? reply(200, "") : refusal(full);
        } catch (RuntimeException | Error fault) {
            response.ifPresent(async -> async.fail(fault));
            if (fault instanceof VirtualMachineError) {
                throw fault;
            }
            return;
        } finally {
            // Before the response, which the client may not read.
            release();
        }
        response.ifPresent(async -> async.send(reply));
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
        return Optional.of(reply(408, "The request body did not come in time."));
    }

    private void release() {
        reservation.ifPresent(SmallBodyMemory.Reservation::release);
    }

    private Reply refusal(boolean fits) {
        return fits
                ? reply(503, "There is too much telemetry at this gateway.")
                : reply(413, "Request body exceeds the limit of " + MOST_BYTES + " bytes.");
    }

    /** A message without a field where all was accepted, otherwise a {@code google.rpc.Status}. */
    private Reply reply(int status, String problem) {
        var json = JsonTree.newObject();
        var protobuf = new ProtobufWriter();
        if (!problem.isEmpty()) {
            json.add("message", problem);
            protobuf.text(2, problem);
        }
        byte[] body = message.type().equals(JSON)
                ? json.build().toString().getBytes(StandardCharsets.UTF_8)
                : protobuf.bytes();
        return new Reply(record, message.type(), status, body);
    }

    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Reply(RequestRecord record, String type, int status, byte[] body) implements AsyncReply {
        @Override
        public void head(HttpServletResponse sent) {
            open(sent);
            sent.setContentLength(body.length);
        }

        void open(HttpServletResponse sent) {
            sent.setStatus(status);
            sent.setContentType(type);
            sent.setHeader("Cache-Control", "no-store");
            sent.setHeader(OwnResponse.REQUEST_ID, record.call().id());
            if (status == 503) {
                sent.setHeader("Retry-After", "5");
            }
        }

        @Override
        public void written() {
            record.end(status < 400 ? RequestEnd.OK : RequestEnd.REFUSED, status, body.length);
        }
    }
}
