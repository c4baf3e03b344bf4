package dev.warder.proxy;

import dev.warder.sse.EventTooLargeException;
import dev.warder.sse.SseEvent;
import dev.warder.sse.SseParser;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import java.io.StringReader;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What an event stream's first event says of the whole: the API answers 200 before it knows whether it can serve, and may
 * say {@code event: error} then, whose type stands for the status that it would have had.
 *
 * <p>Fed by one thread at a time; what it has found may be read by any.
 */
final class FirstEvent {
    private static final JsonProvider JSON = JsonProvider.provider();
    private static final int LARGEST = 64 * 1024;

    private final SseParser parser = new SseParser(LARGEST, this::take);
    private volatile @Nullable SseEvent event;

    /** Reads on; true once the event is there, or too large to look at. */
    boolean feed(ByteBuffer piece) {
        try {
            parser.feed(piece);
        } catch (EventTooLargeException unreadable) {
            return true;
        }
        return event != null;
    }

    /** Whether the event is there. */
    boolean isKnown() {
        return event != null;
    }

    /** The status that the event stands for, see {@link #status(SseEvent)}; 0 as long as there is none. */
    int status() {
        var found = event;
        return found == null ? 0 : status(found);
    }

    private void take(SseEvent next) {
        if (event == null) {
            event = next;
        }
    }

    /** The status that the event stands for; 0 when it is no error, or one that lies in the request. */
    static int status(SseEvent event) {
        if (!event.name().equals("error")) {
            return 0;
        }
        return switch (type(event.data())) {
            case "invalid_request_error", "not_found_error", "request_too_large" -> 0;
            case "authentication_error" -> 401;
            case "billing_error" -> 402;
            case "permission_error" -> 403;
            case "rate_limit_error" -> 429;
            case "timeout_error" -> 503;
            case "overloaded_error" -> 529;
            default -> 500;
        };
    }

    private static String type(String data) {
        try (var reader = JSON.createReader(new StringReader(data))) {
            JsonValue error = reader.readObject().get("error");
            return error instanceof JsonObject detail ? detail.getString("type", "") : "";
        } catch (RuntimeException noJson) {
            // JSON-P says which exceptions are for what is no JSON; Parsson throws a bare one for what is too deep.
            return "";
        }
    }
}
