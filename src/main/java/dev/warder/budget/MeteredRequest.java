package dev.warder.budget;

import dev.warder.http.Dialect;
import dev.warder.json.BodyPrompt;

/**
 * What is known of a request that is metered. Immutable.
 *
 * @param id Warder's id of the request
 * @param bytes the length of its body
 * @param prompt what its body states about the length of its prompt
 * @param fast whether it asks for the fast mode
 * @param firstOutput tokens of the response that are held from the beginning: all of a response that is not streamed
 */
record MeteredRequest(
        String id,
        String client,
        String model,
        Dialect dialect,
        long bytes,
        BodyPrompt prompt,
        boolean fast,
        long firstOutput) {}
