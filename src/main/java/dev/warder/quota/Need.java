package dev.warder.quota;

import java.util.function.Predicate;

/**
 * A request's need of one limit. Immutable.
 *
 * @param version the version of the policy that has this limit
 * @param size how much the limit permits in a minute, or at the same time; from 1
 * @param amount how much of it the request needs, at most {@code size}
 * @param models whether what the model of this name does counts
 */
record Need(LimitKey key, long version, long size, long amount, Predicate<String> models) {}
