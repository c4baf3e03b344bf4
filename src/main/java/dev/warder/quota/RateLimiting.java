package dev.warder.quota;

import dev.warder.gate.Gate;
import dev.warder.usage.AssumedModels;
import dev.warder.usage.RepeatingThread;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rate limits of {@code policy.file} on this node: has their gate and their threads. Thread-safe; no method waits, except for
 * {@link #close}.
 */
public final class RateLimiting implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RateLimiting.class);

    private static final long PAUSE_MILLIS = 100;
    private static final long END_MILLIS = 1000;

    private final NodeLimits limits;
    private final Optional<ShareKeeper> keeper;
    private final RepeatingThread server;
    private final AtomicLong refused = new AtomicLong();

    /**
     * Creates them; nothing is read from the store before {@link #start}.
     *
     * @param store where nodes share their limits; empty for a node that shares them with no other
     * @param threads makes their threads, which end with {@link #close}
     * @param nanoTime a clock that never goes back, in nanoseconds
     */
    public RateLimiting(Optional<LimitStore> store, ThreadFactory threads, LongSupplier nanoTime) {
        limits = new NodeLimits(store.isPresent() ? Sharing.byDatabase() : Sharing.alone(), nanoTime);
        server = new RepeatingThread(this::serve, () -> {}, threads);
        keeper = store.map(each -> new ShareKeeper(each, limits, server::wake, threads, nanoTime));
    }

    /** Starts the threads; there are none where no store is shared. */
    public void start() {
        keeper.ifPresent(each -> {
            server.start();
            each.start();
        });
    }

    /**
     * The gate that admits requests.
     *
     * @param models what is assumed about models
     * @param dialects writes the fields of a limit in the words of a dialect
     * @param clock the time of day
     */
    public Gate gate(AssumedModels models, LimitFields.Dialects dialects, InstantSource clock) {
        return new RateLimitGate(this, models, new LimitFields(dialects, clock));
    }

    public long refused() {
        return refused.get();
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

    void countRefusal() {
        refused.incrementAndGet();
    }

    private long serve() {
        if (limits.isWaitedFor()) {
            keeper.ifPresent(ShareKeeper::notice);
            limits.serve().forEach(RateLimiting::complete);
        }
        if (limits.isWaitedFor()) {
            ask();
        }
        return PAUSE_MILLIS;
    }

    private static void complete(PendingRequest waiter, RateAdmission decision) {
        try {
            waiter.decision.complete(decision);
        } catch (RuntimeException | Error fault) {
            LOG.error("A request that waited for a rate limit could not be served", fault);
        }
    }

    @Override
    public void close() {
        server.end(END_MILLIS);
        keeper.ifPresent(ShareKeeper::close);
    }
}
