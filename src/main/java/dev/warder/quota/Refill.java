package dev.warder.quota;

/**
 * The database's result.
 *
 * @param limit the text of its key
 * @param granted what the node has got, with its debt
 * @param left what is left in the bucket; may be negative
 */
public record Refill(String limit, double granted, double left) {}
