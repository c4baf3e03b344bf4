package dev.warder.exchange.up;

import dev.warder.auth.Client;
import dev.warder.body.MemoryBudget;
import dev.warder.body.MemoryBudget.MemoryShare;
import dev.warder.body.SegmentPool;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Where collected bodies are kept, and how much of them. Thread-safe.
 *
 * @param limit the largest body, in bytes
 * @param longestWait how long a body may wait for memory in total
 * @param memory the memory for all collected bodies
 * @param segments the arrays that hold their bytes
 * @param share how much of the memory the bodies of one client may use
 * @param nanoTime a clock that never goes back
 */
public record BodyStorage(
        long limit,
        Duration longestWait,
        MemoryBudget memory,
        SegmentPool segments,
        Function<Client, MemoryShare> share,
        LongSupplier nanoTime) {}
