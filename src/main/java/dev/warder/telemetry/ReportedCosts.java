package dev.warder.telemetry;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ObjDoubleConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What clients report that their requests cost (Claude Code's metric {@code claude_code.cost.usage}), summed for each client since
 * the start of the application. These are the clients' own estimates, which nothing checks: they can be compared with the cost
 * that Warder has counted, and are never added to it.
 *
 * <p>Values of delta temporality are added. Of a cumulative series, which is the sum since a program started, the growth is added;
 * if the series began before this application, or was forgotten because a client has too many, its first value only marks the
 * beginning. A value that comes twice, because its sender tried again, counts once. Several programs may send the same attributes:
 * their series differ in their beginnings, in nanoseconds, and their differences in beginning or end. Thread-safe.
 */
public final class ReportedCosts {
    /** Series and differences that are remembered, of all clients together; each needs about 100 bytes. */
    private static final int MOST_REMEMBERED = 50_000;

    /** Of each client, also if there are very many clients. */
    private static final int LEAST_REMEMBERED = 16;

    /** More than access tokens; the names come from the operator's file, which may change. */
    static final int MOST_CLIENTS = 5_000;

    /** More than any export interval brings: larger values are errors. */
    private static final double MOST_USD = 1e6;

    /** A cumulative series, or a difference that was added, which has neither sum nor time. */
    private static final class Series {
        /** Forgetting a difference makes nothing unknown. */
        private static final long NEVER = Long.MIN_VALUE;

        final long start;
        double sum;
        long time;

        Series(long start) {
            this.start = start;
        }
    }

    /** What is remembered of one client. */
    private static final class Reporter {
        /** By a hash; what was used last is at the end. Both kinds have one limit together. */
        final Map<Long, Series> remembered = new LinkedHashMap<>(16, 0.75f, true);

        /** Cumulative series that began before this moment may have an unknown part. */
        long known;

        double usd;

        Reporter(long known) {
            this.known = known;
        }
    }

    private final long started;
    private final ObjDoubleConsumer<String> counter;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Map<String, Reporter> clients = new HashMap<>();

    /**
     * Begins with nothing.
     *
     * @param counter receives what is added, in USD, by the client's configured name
     */
    public ReportedCosts(InstantSource clock, ObjDoubleConsumer<String> counter) {
        this.started = TimeUnit.MILLISECONDS.toNanos(clock.millis());
        this.counter = counter;
    }

    /** What the client has reported, in USD; 0 if nothing. */
    public double usd(String client) {
        lock.lock();
        try {
            var reporter = clients.get(client);
            return reporter == null ? 0 : reporter.usd;
        } finally {
            lock.unlock();
        }
    }

    /** What each client has reported, in USD, by its configured name; clients that reported nothing are left out. */
    public Map<String, Double> byClient() {
        lock.lock();
        try {
            var costs = new TreeMap<String, Double>();
            clients.forEach((name, reporter) -> costs.put(name, reporter.usd));
            return costs;
        } finally {
            lock.unlock();
        }
    }

    void add(String client, List<CostPoint> points) {
        if (points.isEmpty()) {
            return;
        }
        double added = 0;
        lock.lock();
        try {
            var reporter = reporter(client);
            if (reporter == null) {
                return;
            }
            for (var point : points) {
                added += growth(reporter, point);
                forget(reporter);
            }
            reporter.usd += added;
        } finally {
            lock.unlock();
        }
        if (added > 0) {
            counter.accept(client, added);
        }
    }

    @GuardedBy("lock")
    private @Nullable Reporter reporter(String client) {
        var known = clients.get(client);
        if (known != null || clients.size() >= MOST_CLIENTS) {
            return known;
        }
        var reporter = new Reporter(started);
        clients.put(client, reporter);
        // Each has a smaller share now.
        clients.values().forEach(this::forget);
        return reporter;
    }

    private static double growth(Reporter reporter, CostPoint point) {
        // Also refuses what is not a number.
        if (!(point.usd() >= 0 && point.usd() <= MOST_USD)) {
            return 0;
        }
        long begun = mixed(point.series(), point.start());
        if (point.cumulative()) {
            return growthOfSum(reporter, begun, point);
        }
        var before = reporter.remembered.put(mixed(begun, point.time()), new Series(Series.NEVER));
        return before == null ? point.usd() : 0;
    }

    private static double growthOfSum(Reporter reporter, long key, CostPoint point) {
        double usd = point.usd();
        var series = reporter.remembered.get(key);
        if (series == null) {
            series = new Series(point.start());
            reporter.remembered.put(key, series);
            series.time = point.time();
            series.sum = usd;
            return point.start() < reporter.known ? 0 : usd;
        }
        if (point.time() <= series.time) {
            return 0;
        }
        double before = series.sum;
        series.time = point.time();
        series.sum = usd;
        // A sum that falls has begun again.
        return usd < before ? usd : usd - before;
    }

    private static long mixed(long hash, long number) {
        return new Fingerprint(hash).add(Long.toHexString(number)).value();
    }

    @GuardedBy("lock")
    private void forget(Reporter reporter) {
        int most = Math.max(LEAST_REMEMBERED, MOST_REMEMBERED / clients.size());
        var oldest = reporter.remembered.values().iterator();
        while (reporter.remembered.size() > most) {
            reporter.known = Math.max(reporter.known, oldest.next().start + 1);
            oldest.remove();
        }
    }
}
