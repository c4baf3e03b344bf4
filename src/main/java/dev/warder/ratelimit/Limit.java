package dev.warder.ratelimit;

/** One limit on this node. Not thread-safe: {@link Limits} has the lock. */
abstract sealed class Limit permits Bucket, Slots {
    /** What another node has given back since then is not known. */
    static final long STALE_NANOS = 1_000_000_000;

    /** Result of {@link #wait}: the database may have enough. */
    static final long ASK = -1;

    /** A bucket that was not used for so long is full. */
    private static final long IDLE_NANOS = 120_000_000_000L;

    private final LimitKey key;
    private long size;
    private long usedAt;
    private int waiting;
    private int references;

    Limit(LimitKey key, long size, long now) {
        this.key = key;
        this.size = size;
        this.usedAt = now;
    }

    LimitKey key() {
        return key;
    }

    long size() {
        return size;
    }

    /** The policy in use permits so much. */
    void adopt(long permitted) {
        size = permitted;
    }

    /** Whether requests wait for it. */
    boolean isWaitedFor() {
        return waiting > 0;
    }

    void waits(int more) {
        waiting += more;
    }

    /** A request has begun that changes what it has taken later, or has ended. */
    void refer(int more) {
        references += more;
    }

    /** Whether this node may take so much now. */
    abstract boolean has(long amount, long now);

    /** In how many nanoseconds there may be enough, if there is not now; or {@link #ASK}. */
    abstract long wait(long amount, long now);

    /** A request that waits needs so much. */
    abstract void lacks(long amount);

    /** Takes so much, whether there is enough or not; a negative amount is given back. */
    void take(long amount, long now) {
        usedAt = now;
        change(amount, now);
    }

    abstract void change(long amount, long now);

    /** Brings it up to now, before {@link Sharing} changes. */
    abstract void refill(long now);

    /** Whether it can be forgotten: one that is made again later permits no more. */
    boolean isIdle(long now) {
        return waiting == 0 && references == 0 && now - usedAt > IDLE_NANOS && holdsNothing(now);
    }

    /** Whether nothing is lost with it. */
    abstract boolean holdsNothing(long now);
}
