package dev.warder.budget;

import dev.warder.http.Dialect;

/**
 * What is known of a request that is metered. Immutable.
 *
 * @param id Warder's id of the request
 * @param bytes the length of its body
 * @param refersToMore whether its prompt may be longer than its body
 * @param fast whether it asks for the fast mode
 * @param firstOutput tokens of the response that are held from the beginning: all of a response that is not streamed
 */
record MeteredRequest(
        String id,
        String client,
        String model,
        Dialect dialect,
        long bytes,
        boolean refersToMore,
        boolean fast,
        long firstOutput) {}
