package dev.warder.admin;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps an address that shows wrong administrator's tokens from trying on: after sixty within a minute it shows none for the
 * rest of that minute, not even the right one. Sessions go on, so nobody who works is locked out by a neighbour behind the
 * same front end. At most a thousand addresses are remembered. Thread-safe.
 */
final class WrongTokens {
    private static final Logger LOG = LoggerFactory.getLogger(WrongTokens.class);
    private static final Duration SPAN = Duration.ofMinutes(1);
    private static final int MOST = 60;
    private static final int ADDRESSES = 1000;

    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Map<String, Count> counts = new LinkedHashMap<>();

    WrongTokens(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** For how long this address may show no token; zero when it may. */
    Duration barred(String address) {
        lock.lock();
        try {
            var count = counts.get(address);
            var left = count == null ? Duration.ZERO : left(count);
            return count != null && count.wrong() >= MOST && !left.isNegative() ? left : Duration.ZERO;
        } finally {
            lock.unlock();
        }
    }

    /** Notes one wrong token. */
    void wrong(String address) {
        lock.lock();
        try {
            var count = counts.remove(address);
            var next = count == null || left(count).isNegative() ? new Count(nanoTime.getAsLong(), 1) : count.another();
            counts.put(address, next);
            if (next.wrong() == MOST) {
                LOG.warn("{} showed {} wrong administrator's tokens within a minute", address, MOST);
            }
            if (counts.size() > ADDRESSES) {
                counts.remove(counts.keySet().iterator().next());
            }
        } finally {
            lock.unlock();
        }
    }

    private Duration left(Count count) {
        return SPAN.minusNanos(nanoTime.getAsLong() - count.since());
    }

    private record Count(long since, int wrong) {
        Count another() {
            return new Count(since, wrong + 1);
        }
    }
}
