package dev.warder.quota;

import java.time.InstantSource;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The surroundings of budgets in their process.
 *
 * @param threads makes their threads, which end with {@link Budgets#close}
 * @param clock the time of day
 * @param nanoTime a clock that never goes back, in nanoseconds
 * @param mostBytes the most memory that bodies of waiting requests may keep, except for large ones that wait for seconds
 * @param notifications receives each threshold of a budget that this node is to report; must neither wait nor throw
 */
public record Surroundings(
        ThreadFactory threads,
        InstantSource clock,
        LongSupplier nanoTime,
        long mostBytes,
        Consumer<ThresholdReached> notifications) {}
