package dev.warder.openai;

import java.time.Instant;
import java.time.InstantSource;

/**
 * The context of the translation of one response, in addition to the request. Thread-safe.
 *
 * @param requestId of the request, see {@link dev.warder.http.RequestId}
 * @param clock gives the time at which the response arrived
 * @param largestEvent bytes of one event of the upstream ({@code limits.event})
 */
record ReplyContext(String requestId, InstantSource clock, int largestEvent) {
    /** The id of the response where the upstream's has none: the random part of the request's id. */
    String responseId() {
        return requestId.substring(requestId.lastIndexOf('_') + 1);
    }

    Instant now() {
        return clock.instant();
    }
}
