package dev.warder.ratelimit;

/** What a request has taken of one limit. Not thread-safe: {@link Limits} has the lock. */
final class Taken {
    final Limit limit;
    final Need need;
    long amount;

    Taken(Limit limit, Need need) {
        this.limit = limit;
        this.need = need;
        this.amount = need.amount();
    }
}
