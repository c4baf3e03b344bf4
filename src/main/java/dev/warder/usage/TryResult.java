package dev.warder.usage;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a try ended, apart from what it consumed. Immutable.
 *
 * @param credential the configured name of the credential, or {@code client} for the client's own
 * @param credentialKind {@code api-key}, {@code oauth} and so on
 * @param requestId the upstream's id of the request
 * @param status the status of the response, if one came
 * @param end how it ended; that an event stream ended with an error is found in the stream itself
 * @param sent whether the upstream may have received the whole request
 * @param requestBytes bytes of the request's body that the client sent
 * @param times its durations
 */
public record TryResult(
        String credential,
        String credentialKind,
        Optional<String> requestId,
        OptionalInt status,
        TryEnd end,
        boolean sent,
        long requestBytes,
        UsageRow.Times times) {
    /** Cuts the upstream's id to 256 characters. */
    public TryResult {
        requestId = requestId.map(ReportedText::cut);
    }

    boolean isSuccessful() {
        return status.isPresent() && status.getAsInt() >= 200 && status.getAsInt() < 300;
    }

    Duration time() {
        return times.total();
    }

    /** The credential's name, which is not its value, and how the try ended. */
    @Override
    public String toString() {
        return "TryResult[" + credential + ", " + end.word() + "]";
    }
}
