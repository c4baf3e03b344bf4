package dev.warder.quota.rate;

/** A request's part of one limit. Not thread-safe: {@link NodeLimits} has the lock. */
final class Taken {
    final Limit limit;
    final Need need;

    /** 0 before the request is admitted. */
    long amount;

    private long uncounted;

    Taken(Limit limit, Need need) {
        this.limit = limit;
        this.need = need;
    }

    void begin() {
        if (need.key().kind() == LimitKind.INPUT_TOKENS) {
            uncounted = need.amount();
            limit.use().addUncounted(uncounted);
        }
    }

    void counted() {
        if (uncounted > 0) {
            limit.use().addUncounted(-uncounted);
            uncounted = 0;
        }
    }
}
