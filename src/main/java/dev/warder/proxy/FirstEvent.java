package dev.warder.proxy;

import dev.warder.sse.SseEvent;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import java.io.StringReader;

/**
 * What an event stream's first event says of the whole: the API answers 200 before it knows whether it can serve, and may
 * say {@code event: error} then, whose type stands for the status that it would have had.
 */
final class FirstEvent {
    private static final JsonProvider JSON = JsonProvider.provider();

    private FirstEvent() {}

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
