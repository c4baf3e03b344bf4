package dev.warder.exchange.tries;

import dev.warder.http.ErrorCode;
import dev.warder.http.ErrorType;
import dev.warder.json.JsonTree;
import dev.warder.stream.EventTooLargeException;
import dev.warder.stream.EventType;
import dev.warder.stream.SseReader;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;

/**
 * The first event of an event stream, which may be an error: the API responds with 200 before it knows whether it can serve the
 * request, and sends {@code event: error} then, whose type implies the status that the response would have had.
 * One thread at a time.
 */
final class FirstEvent {
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
