package dev.warder.ratelimit;

/** What a request has taken of one limit. Not thread-safe: {@link Limits} has the lock. */
final class Taken {
    final Limit limit;
    long amount;

    Taken(Limit limit, long amount) {
        this.limit = limit;
        this.amount = amount;
    }
}
