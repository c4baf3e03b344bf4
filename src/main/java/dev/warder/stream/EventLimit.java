package dev.warder.stream;

/**
 * Setting {@code limits.event}, for filters that rewrite event streams.
 *
 * @param bytes the most bytes of one event
 */
public record EventLimit(int bytes) {}
