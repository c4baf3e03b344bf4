package dev.warder.ratelimit.store;

/**
 * What the database did.
 *
 * @param key of the limit
 * @param granted what the node has got, with its debt
 * @param left what is left in the bucket; may be negative
 */
public record Refill(String key, double granted, double left) {}
