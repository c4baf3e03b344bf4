package dev.warder.exchange.tries;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.credential.Outcome;
import dev.warder.exchange.down.ResponseHead;
import dev.warder.exchange.down.ResponseSink;
import dev.warder.exchange.down.ResponseSink.Flow;
import dev.warder.http.ErrorCode;
import dev.warder.http.ErrorType;
import dev.warder.json.JsonTree;
import dev.warder.stream.EventType;
import dev.warder.stream.SseReader;
import dev.warder.stream.SseReader.EventTooLargeException;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The response of one try until it is passed on and judged: what of it is kept back, and what its status or the first event of
 * its stream shows.
 *
 * <p>One thread at a time, but for what is kept back.
 */
final class TriedResponse {
    /**
     * Bytes that are kept back at most; a larger response is passed on as it is. Half the window of HttpCore, so that the upstream
     * is not stopped by them.
     */
    private static final int LARGEST = 32 * 1024;

    private final ResponseHead head;
    private final Flow flow;
    private final @Nullable FirstEvent first;
    private int failed;

    @GuardedBy("this")
    private final List<byte[]> pieces = new ArrayList<>();

    @GuardedBy("this")
    private int length;

    /** Bytes of the upstream that the pieces stand for. */
    @GuardedBy("this")
    private int taken;

    @GuardedBy("this")
    private boolean ended;

    /** @param first shows the outcome; null where the status of the response does */
    TriedResponse(ResponseHead head, Flow flow, @Nullable FirstEvent first) {
        this.head = head;
        this.flow = flow;
        this.first = first;
    }

    /**
     * Keeps a piece back, which is handed over; false when it is the one that makes the response too large. Ignored after the
     * end.
     */
    synchronized boolean hold(byte[] bytes, int read) {
        if (ended) {
            return true;
        }
        pieces.add(bytes);
        length += bytes.length;
        taken += read;
        return Math.max(length, taken) <= LARGEST;
    }

    synchronized void end() {
        ended = true;
    }

    void passTo(ResponseSink client) {
        List<byte[]> body;
        int read;
        boolean whole;
        synchronized (this) {
            body = List.copyOf(pieces);
            read = taken;
            taken = 0;
            pieces.clear();
            whole = ended;
        }
        client.head(head, flow);
        for (int i = 0; i < body.size(); i++) {
            client.piece(body.get(i), i == body.size() - 1 ? read : 0);
        }
        if (whole) {
            client.end();
        }
    }

    /** Looks for the first event; true once it is there, or too large to look at. */
    boolean look(byte[] bytes) {
        return first != null && first.feed(bytes);
    }

    /** The status that the first event stands for; 0 when it is not there, is no error, or one that lies in the request. */
    int eventStatus() {
        return first == null ? 0 : first.status();
    }

    void failed(int status) {
        failed = status;
    }

    Outcome outcome() {
        if (failed == 0 && first != null && !first.isKnown()) {
            return new Outcome.Unknown();
        }
        int shown = failed == 0 ? eventStatus() : failed;
        int status = shown == 0 ? head.status() : shown;
        var code = status == head.status()
                ? heldCode()
                : Objects.requireNonNull(first).code();
        return new Outcome.Responded(status, code, head::field);
    }

    private ErrorCode heldCode() {
        return failed == 0
                ? ErrorCode.NONE
                : JsonTree.parseObject(text())
                        .map(document -> ErrorCode.of(JsonTree.object(document, "error")))
                        .orElse(ErrorCode.NONE);
    }

    private synchronized String text() {
        var text = new ByteArrayOutputStream(length);
        pieces.forEach(text::writeBytes);
        return text.toString(StandardCharsets.UTF_8);
    }

    /**
     * The first event of an event stream, which may be an error: the API responds with 200 before it knows whether it can serve the
     * request, and sends {@code event: error} then, whose type implies the status that the response would have had.
     * One thread at a time.
     */
    static final class FirstEvent {
        private static final int LARGEST = 64 * 1024;
        private static final int UNKNOWN = -1;

        /** A time-out is a failure of the upstream like {@code api_error}, although a response with status 504 passes. */
        private static final int TIMED_OUT = 503;

        private final SseReader reader = new SseReader(LARGEST, this::take);
        private int status = UNKNOWN;
        private ErrorCode code = ErrorCode.NONE;

        boolean feed(byte[] piece) {
            try {
                reader.feed(piece, 0, piece.length);
            } catch (EventTooLargeException unreadable) {
                return true;
            }
            return isKnown();
        }

        boolean isKnown() {
            return status != UNKNOWN;
        }

        /** The status that the event implies; 0 when it is not there, is no error, or one that lies in the request. */
        int status() {
            return Math.max(0, status);
        }

        ErrorCode code() {
            return code;
        }

        private void take(byte[] data, int from, int to) {
            if (!isKnown()) {
                status = reader.name().equals(EventType.ERROR.word()) ? statusOf(data, from, to) : 0;
            }
        }

        private int statusOf(byte[] data, int from, int to) {
            JsonObject document = JsonTree.parseLeadingObject(new String(data, from, to - from, StandardCharsets.UTF_8))
                    .orElse(JsonValue.EMPTY_JSON_OBJECT);
            var error = JsonTree.object(document, "error");
            code = ErrorCode.of(error);
            var type = ErrorType.of(JsonTree.text(error, "type")).orElse(ErrorType.API);
            return switch (type) {
                case INVALID_REQUEST, NOT_FOUND, REQUEST_TOO_LARGE -> 0;
                case TIMEOUT -> TIMED_OUT;
                default -> type.status();
            };
        }
    }
}
