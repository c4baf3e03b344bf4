package dev.warder.record;

import java.time.Duration;
import java.util.OptionalInt;

/**
 * One request that went to the upstream with one credential.
 *
 * @param credential the credential of this request
 * @param status the status of the response, if one came
 * @param time from its beginning to its end, or to the end of the client's request
 */
public record UpstreamAttempt(CredentialUse credential, OptionalInt status, Outcome outcome, Duration time) {
    /** Its outcome. */
    public enum Outcome {
        /** A complete response, of any status. */
        RESPONDED,
        /** A response that began and did not end. */
        BROKEN_OFF,
        /** No response, because the connection failed. */
        UNANSWERED,
        /** Warder cancelled it: another credential took over, the client left, or it took too long. */
        CANCELLED
    }
}
