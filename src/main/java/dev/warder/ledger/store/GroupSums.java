package dev.warder.ledger.store;

import java.math.BigDecimal;

/**
 * Sums of rows that the operator pays for. Immutable.
 *
 * @param input tokens of prompts that were neither written to the cache nor read from it
 * @param write5m tokens that were written to the cache for five minutes
 * @param write1h tokens that were written to the cache for an hour
 * @param read tokens that were read from the cache
 * @param output tokens of responses, thinking included
 * @param searches web searches
 * @param dollars the exact cost in USD
 */
public record GroupSums(
        long input, long write5m, long write1h, long read, long output, long searches, BigDecimal dollars) {
    public GroupSums plus(GroupSums other) {
        return new GroupSums(
                input + other.input,
                write5m + other.write5m,
                write1h + other.write1h,
                read + other.read,
                output + other.output,
                searches + other.searches,
                dollars.add(other.dollars));
    }
}
