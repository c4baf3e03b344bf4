package dev.warder.ratelimit;

/**
 * What a request needs of one limit. Immutable.
 *
 * @param size how much the limit permits in a minute, or at the same time; from 1
 * @param amount how much of it the request needs, at most {@code size}
 */
record Need(LimitKey key, long size, long amount) {}
