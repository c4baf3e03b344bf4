package dev.warder.ratelimit;

import java.util.concurrent.TimeUnit;

/** Who uses a limit, and how large it is. Not thread-safe: {@link Limits} has the lock. */
final class LimitUse {
    /** A bucket that was not used in this time is full. */
    private static final long IDLE_NANOS = TimeUnit.MINUTES.toNanos(2);

    private final LimitKey key;
    private long size;
    private long usedAt;
    private int waiting;
    private int references;

    LimitUse(LimitKey key, long size, long now) {
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

    void size(long permitted) {
        size = permitted;
    }

    void used(long now) {
        usedAt = now;
    }

    boolean isWaitedFor() {
        return waiting > 0;
    }

    void waits(int more) {
        waiting += more;
    }

    void refer(int more) {
        references += more;
    }

    /** Whether no request has it, or has had it lately. */
    boolean isIdle(long now) {
        return waiting == 0 && references == 0 && now - usedAt > IDLE_NANOS;
    }
}
