package dev.warder.quota.rate;

import dev.warder.quota.rate.LimitUse.Demand;

/** One limit on this node. Not thread-safe: {@link NodeLimits} has the lock. */
sealed interface Limit permits Bucket, Slots {
    long STALE_NANOS = 1_000_000_000;

    /** Result of {@link #wait}: the database may have enough. */
    long ASK = -1;

    LimitUse use();

    default LimitKey key() {
        return use().key();
    }

    default long size() {
        return use().size();
    }

    default Demand demand() {
        return use().demand();
    }

    default void adopt(Need need, long now) {
        use().size(need.size(), need.version());
    }

    default void refer(int more) {
        use().refer(more);
    }

    boolean has(long amount, long now);

    /** In how many nanoseconds there may be enough, if there is not now; or {@link #ASK}. */
    long wait(long amount, long now);

    /** Takes this amount, whether there is enough or not; a negative one is given back. */
    default void take(long amount, long now) {
        use().used(now);
        change(amount, now);
    }

    void change(long amount, long now);

    /** Whether the database is to be asked soon; otherwise it is enough to look again in some seconds. */
    boolean needsLook(long now);

    void refill(long now);

    /** The database cannot be used any more, or can be used again; {@link Sharing} has changed. */
    void awayChanged(long now);

    /** Whether it can be forgotten: one that is made again later permits nothing in addition. */
    default boolean isIdle(long now) {
        return use().isIdle(now) && holdsNothing(now);
    }

    boolean holdsNothing(long now);
}
