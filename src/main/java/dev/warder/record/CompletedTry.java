package dev.warder.record;

import dev.warder.usage.UsageRow;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The facts of a try that has ended: one request that went to the upstream with one credential. Immutable.
 *
 * @param credential the credential of this request
 * @param status the status of the response, if one came
 * @param requestId the upstream's id of it
 * @param firstByte from its beginning until the head of the response came
 * @param time from its beginning to its end, or to the end of the client's request
 * @param usage what it consumed, a row for each part; empty where no model is run
 */
public record CompletedTry(
        UsedCredential credential,
        OptionalInt status,
        Outcome outcome,
        Optional<String> requestId,
        Optional<Duration> firstByte,
        Duration time,
        List<UsageRow> usage) {
    public CompletedTry {
        usage = List.copyOf(usage);
    }

    /** Its outcome. */
    public enum Outcome {
        RESPONDED,
        BROKEN_OFF,
        /** No response, because the connection failed. */
        UNANSWERED,
        /** Warder cancelled it: another credential took over, the client left, or it took too long. */
        CANCELLED
    }
}
