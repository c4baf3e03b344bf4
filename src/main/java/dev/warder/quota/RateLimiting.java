package dev.warder.quota;

import dev.warder.auth.Gate;
import dev.warder.quota.WaitingLine.Waiter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * The rate limits of {@code policy.file} on this node: has their gate and their threads. Thread-safe; no method waits, except for
 * {@link #close}.
 */
public final class RateLimiting implements AutoCloseable {
    /** The answer of the database ends each wait, or its silence. */
    private static final Duration UNLIMITED = Duration.ofDays(365);

    private final NodeLimits limits;
    private final Optional<ShareKeeper> keeper;
    private final WaitingLine.Server line;
    final LongAdder refused = new LongAdder();

    /**
     * Creates them; nothing is read from the store before {@link #start}.
     *
     * @param store where nodes share their limits; empty for a node that shares them with no other
     * @param threads makes their threads, which end with {@link #close}
     * @param nanoTime a clock that never goes back, in nanoseconds
     */
    public RateLimiting(Optional<LimitStore> store, ThreadFactory threads, LongSupplier nanoTime) {
        limits = new NodeLimits(new Sharing(store.isEmpty()), nanoTime);
        line = new WaitingLine.Server(this::serve, threads, nanoTime);
        keeper = store.map(each -> new ShareKeeper(each, limits, line::wake, threads, nanoTime));
    }

    /** Starts the threads; there are none where no store is shared. */
    public void start() {
        keeper.ifPresent(each -> {
            line.start();
            each.start();
        });
    }

    /**
     * The gate that admits requests.
     *
     * @param dialects writes the fields of a limit in the words of a dialect
     * @param clock the time of day
     */
    public Gate gate(Bounds bounds, LimitFields.Dialects dialects, InstantSource clock) {
        return new RateLimitGate(this, bounds, new LimitFields(dialects, clock));
    }

    public long refused() {
        return refused.sum();
    }

    public boolean isDatabaseAway() {
        return keeper.isPresent() && keeper.get().isAway();
    }

    NodeLimits limits() {
        return limits;
    }

    void ask() {
        keeper.ifPresent(ShareKeeper::ask);
    }

    private Map<Waiter, Admission> serve() {
        if (limits.waiting() == 0) {
            return Map.of();
        }
        keeper.ifPresent(ShareKeeper::notice);
        var decided = limits.serve(UNLIMITED);
        if (limits.waiting() > 0) {
            ask();
        }
        return decided;
    }

    @Override
    public void close() {
        line.close();
        keeper.ifPresent(ShareKeeper::close);
    }
}
