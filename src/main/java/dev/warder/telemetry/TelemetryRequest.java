package dev.warder.telemetry;

import dev.warder.otlp.Signal;
import java.util.Optional;

/**
 * A request with telemetry, before its body is read. Immutable.
 *
 * @param client the caller's configured name
 * @param gzip whether the body is coded
 */
record TelemetryRequest(Signal signal, OtlpFormat format, boolean gzip, String client) {
    private static final int RETRY_AFTER = 5;

    /** The kind of telemetry that a path is for. */
    static Optional<Signal> signal(String path) {
        for (var signal : Signal.values()) {
            if (path.equals("/v1/" + signal.word()) || path.equals("/anthropic/v1/" + signal.word())) {
                return Optional.of(signal);
            }
        }
        return Optional.empty();
    }

    TelemetryReply accepted() {
        return new TelemetryReply(200, format, format.success(), 0);
    }

    TelemetryReply unreadable() {
        return failure(400, "The body does not match its Content-Type and Content-Encoding.", 0);
    }

    TelemetryReply late() {
        return failure(408, "The request body did not come in time.", 0);
    }

    TelemetryReply tooLarge() {
        return failure(413, "Request body exceeds the limit of " + ClientTelemetry.MOST_BYTES + " bytes.", 0);
    }

    TelemetryReply full() {
        return failure(503, "There is too much telemetry at this gateway.", RETRY_AFTER);
    }

    private TelemetryReply failure(int status, String message, int retryAfter) {
        return new TelemetryReply(status, format, format.status(message), retryAfter);
    }
}
