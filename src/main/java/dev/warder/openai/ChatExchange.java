package dev.warder.openai;

import java.time.Instant;
import java.time.InstantSource;

/**
 * What the translation of one chat completion needs beside the request. Thread-safe.
 *
 * @param requestId of the request, see {@link dev.warder.http.RequestId}
 * @param clock tells when the answer came
 * @param largestEvent bytes of one event of the upstream ({@code limits.event})
 */
record ChatExchange(String requestId, InstantSource clock, int largestEvent) {
    /** Names the answer where the upstream's has no name: the random part of the request's. */
    String answerId() {
        return requestId.substring(requestId.lastIndexOf('_') + 1);
    }

    Instant now() {
        return clock.instant();
    }
}
