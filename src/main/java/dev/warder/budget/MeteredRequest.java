package dev.warder.budget;

import dev.warder.http.Dialect;
import dev.warder.json.BodyPrompt;
import dev.warder.usage.UsageBounds;

/**
 * What is known of a request that is metered. Immutable.
 *
 * @param id Warder's id of the request
 * @param bytes the length of its body
 * @param prompt what its body states about the length of its prompt
 * @param fast whether it asks for the fast mode
 * @param whole whether its response is not streamed, so that nothing is known of it before its end
 * @param firstOutput tokens of the response that are held from the beginning
 * @param bounds what is assumed of it until the upstream reports more
 */
record MeteredRequest(
        String id,
        String client,
        String model,
        Dialect dialect,
        long bytes,
        BodyPrompt prompt,
        boolean fast,
        boolean whole,
        long firstOutput,
        UsageBounds bounds) {
    /** How many tokens of its response can have been generated in this time, in nanoseconds. */
    long possibleOutput(long nanos) {
        return bounds.rate().tokens(nanos, fast);
    }
}
