package dev.warder.ratelimit;

/** What a request has taken of one limit. Not thread-safe: {@link Limits} has the lock. */
final class Taken {
    final Limit limit;
    final Need need;
    long amount;

    /** How much of the amount is the bound of a prompt whose real length is not known yet. */
    private long uncounted;

    Taken(Limit limit, Need need) {
        this.limit = limit;
        this.need = need;
        this.amount = need.amount();
        this.uncounted = need.key().kind() == LimitKind.INPUT_TOKENS ? amount : 0;
        limit.use().addUncounted(uncounted);
    }

    /** The amount is known. */
    void counted() {
        limit.use().addUncounted(-uncounted);
        uncounted = 0;
    }
}
