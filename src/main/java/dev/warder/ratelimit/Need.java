package dev.warder.ratelimit;

import java.util.function.Predicate;

/**
 * What a request needs of one limit. Immutable.
 *
 * @param size how much the limit permits in a minute, or at the same time; from 1
 * @param amount how much of it the request needs, at most {@code size}
 * @param models whether what the model of this name does counts
 */
record Need(LimitKey key, long size, long amount, Predicate<String> models) {
    /** Of a limit for all models. */
    Need(LimitKey key, long size, long amount) {
        this(key, size, amount, model -> true);
    }
}
