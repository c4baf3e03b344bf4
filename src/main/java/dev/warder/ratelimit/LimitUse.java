package dev.warder.ratelimit;

import java.util.concurrent.TimeUnit;

/** Who uses a limit, and how large it is. Not thread-safe: {@link Limits} has the lock. */
final class LimitUse {
    /** A bucket that was not used in this time is full. */
    private static final long IDLE_NANOS = TimeUnit.MINUTES.toNanos(2);

    /** A node keeps at most this part of a limit for requests that come later: of a bucket, what is filled in 5 s. */
    private static final double KEPT_PARTS = 12;

    private final LimitKey key;
    private final Recent recent;
    private long size;
    private long usedAt;

    /** Most limits are waited for by none, and every request looks here. */
    private Demand demand = Demand.NONE;

    private int references;
    private long uncounted;
    private boolean marked;
    private long lookedAt;

    LimitUse(LimitKey key, long size, long now) {
        this.key = key;
        this.size = size;
        this.usedAt = now;
        this.recent = new Recent(now);
    }

    LimitKey key() {
        return key;
    }

    long size() {
        return size;
    }

    void size(long permitted) {
        size = permitted;
    }

    /** What requests wait for. */
    Demand demand() {
        return demand;
    }

    /** A request waits for this amount. */
    void addDemand(Waiter waiter, long amount) {
        demand = demand == Demand.NONE ? new Demand() : demand;
        demand.add(waiter, amount);
    }

    /** A request waits no longer; no effect if it does not. */
    void removeDemand(Waiter waiter) {
        if (demand != Demand.NONE) {
            demand.remove(waiter);
            demand = demand.isEmpty() ? Demand.NONE : demand;
        }
    }

    Recent recent() {
        return recent;
    }

    /** The most that this node keeps for requests that come later; less than one request needs is of no use. */
    double mostKept() {
        double part = size / KEPT_PARTS;
        return part < 1 ? 0 : part;
    }

    void used(long now) {
        usedAt = now;
    }

    /** The bounds of those prompts whose real length is not known yet. */
    long uncounted() {
        return uncounted;
    }

    void addUncounted(long more) {
        uncounted += more;
    }

    void refer(int more) {
        references += more;
    }

    /** Marks it as one to be looked at; false if it is marked already. */
    boolean mark() {
        boolean isNew = !marked;
        marked = true;
        return isNew;
    }

    /** It is looked at now, and is marked no longer. */
    void looked(long now) {
        marked = false;
        lookedAt = now;
    }

    /** When it was looked at last; 0 before the first time. */
    long lookedAt() {
        return lookedAt;
    }

    boolean isMarked() {
        return marked;
    }

    /** Whether no request has it, or has had it lately. */
    boolean isIdle(long now) {
        return demand.isEmpty() && references == 0 && now - usedAt > IDLE_NANOS;
    }
}
