package dev.warder.record;

import java.time.Duration;
import java.util.OptionalInt;

/**
 * One request that went to the upstream with one credential.
 *
 * @param credential which credential it went with
 * @param status the status of the response, if one came
 * @param time from its beginning to its end, or to that of the request
 */
public record UpstreamAttempt(CredentialUse credential, OptionalInt status, Outcome outcome, Duration time) {
    /** What came of it. */
    public enum Outcome {
        /** A whole response, of whatever status. */
        ANSWERED,
        /** The response began and did not end. */
        BROKEN_OFF,
        /** No response, because the connection failed. */
        UNANSWERED,
        /** Warder gave it up: another credential took over, the client left, or it took too long. */
        CANCELLED
    }
}
