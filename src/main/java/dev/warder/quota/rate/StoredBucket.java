package dev.warder.quota.rate;

import java.time.Duration;
import java.time.Instant;

/**
 * A bucket as all nodes share it. Immutable.
 *
 * @param content what it had at that moment; negative if more was taken than was there
 */
record StoredBucket(double content, Instant at) {
    private static final double MINUTE_NANOS = 60e9;

    private static final Duration SET = Duration.ofSeconds(5);

    static StoredBucket full(long size, Instant now) {
        return new StoredBucket(size, now);
    }

    Refill refill(RefillRequest request, Instant now) {
        double there = Math.min((double) request.size(), filled(request.size(), now) + request.back()) - request.debt();
        double granted = granted(request, Math.max(0, there));
        return new Refill(request.limit(), request.debt() + granted, there - granted);
    }

    private static double granted(RefillRequest request, double there) {
        return there < request.least() ? 0 : Math.min(there, request.most());
    }

    private double filled(long size, Instant now) {
        double nanos = Math.max(0, Duration.between(at, now).toNanos());
        return Math.min((double) size, content + size / MINUTE_NANOS * nanos);
    }

    StoredBucket after(Refill refill, Instant now) {
        boolean ahead = at.isAfter(now) && !at.isAfter(now.plus(SET));
        return new StoredBucket(refill.left(), ahead ? at : now);
    }
}
