package dev.warder.quota;

/**
 * A node's wish for a bucket. Immutable.
 *
 * @param limit the text of its key
 * @param size how much the bucket has room for, which is filled in a minute
 * @param debt what was taken already, whether it is there or not
 * @param least what is taken in addition if as much is there, and otherwise nothing; 0 to take any part of {@code most}
 * @param most what is taken in addition if as much is there; at least {@code least}
 * @param back what is given back
 */
public record RefillRequest(String limit, long size, double debt, double least, double most, double back) {}
