package dev.warder.quota;

import dev.warder.policy.Budget;
import dev.warder.quota.WaitingLine.Waiter;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * One limit on this node: what it permits, who uses it, and how large it is. One object, because each request looks here for
 * each of its limits, and memory is slow. Not thread-safe: {@link NodeLimits} has the lock.
 */
abstract sealed class Limit extends Amount permits Bucket, Slots {
    static final long STALE_NANOS = 1_000_000_000;

    /** Result of {@link #wait}: the database may have enough. */
    static final long ASK = -1;

    private static final long IDLE_NANOS = TimeUnit.MINUTES.toNanos(2);

    /** All nodes together keep at most this part of a limit for requests that come later: of a bucket, what is filled in 5 s. */
    private static final double KEPT_PARTS = 12;

    private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(10);

    final Sharing sharing;
    private final Key key;
    private long size;
    private long version;
    private long usedAt;

    /** The part that requests have taken for prompts which the upstream has not counted. */
    long uncounted;

    /** Among those about which the database may have to know more. */
    boolean due;

    /** Among the next of them, because a request waits for it. */
    boolean urgent;

    /** Shared by this node, which has a part of it and looks at it from time to time. */
    boolean kept;

    private long periodSince;
    private double usedBefore;
    private double usedNow;

    Limit(Key key, long size, Sharing sharing, long now) {
        this.sharing = sharing;
        this.key = key;
        this.size = size;
        this.usedAt = now;
        this.periodSince = now;
    }

    Key key() {
        return key;
    }

    @Override
    Object owner() {
        return key.owner();
    }

    @Override
    void addDemand(Waiter waiter, long need) {
        super.addDemand(waiter, need);
        sharing.lacks(this);
    }

    /** Earlier requests need what they ask for. Where the database is not asked, nothing is worth a wait. */
    @Override
    boolean isWaitedFor(long need, long now) {
        return sharing.asks() && demanded() > 0 && !has(need + demanded(), now);
    }

    long size() {
        return size;
    }

    /** A policy has this size; one that is older than the one by which it was set changes nothing. */
    final void adopt(Need need, long now) {
        usedAt = now;
        if (need.version() >= version) {
            resize(need.size(), now);
            size = need.size();
            version = need.version();
        }
    }

    void resize(long next, long now) {}

    void add(double amount, long now) {
        roll(now);
        usedNow += amount;
    }

    void reach(double amount, long now) {
        roll(now);
        usedNow = Math.max(usedNow, amount);
    }

    /** The most that was used in one period, of the present one and the one before: in the last 10 to 20 s. */
    double recent(long now) {
        roll(now);
        return Math.max(usedBefore, usedNow);
    }

    private void roll(long now) {
        if (now - periodSince >= PERIOD_NANOS) {
            long periods = (now - periodSince) / PERIOD_NANOS;
            usedBefore = periods == 1 ? usedNow : 0;
            usedNow = 0;
            periodSince += periods * PERIOD_NANOS;
        }
    }

    double mostKept() {
        double part = size / KEPT_PARTS;
        return part < 1 ? 0 : part;
    }

    /** Whether it can be forgotten: one that is made again later permits nothing in addition. */
    boolean isIdle(long now) {
        return demand().isEmpty()
                && !isReferred()
                && !due
                && !urgent
                && !kept
                && now - usedAt > IDLE_NANOS
                && holdsNothing(now);
    }

    /** In how many nanoseconds there may be enough, if there is not now; or {@link #ASK}. */
    abstract long wait(long amount, long now);

    /** Takes this amount, whether there is enough or not; a negative one is given back. */
    void take(long amount, long now) {
        usedAt = now;
        change(amount, now);
        sharing.used(this, now);
    }

    abstract void change(long amount, long now);

    /** Whether the database is to be asked soon; otherwise it is enough to look again in some seconds. */
    abstract boolean needsLook(long now);

    /** Fills it by the time that has passed. */
    void refill(long now) {}

    /** The database cannot be used any more, or can be used again; {@link Sharing} has changed. */
    void awayChanged(long now) {}

    abstract boolean holdsNothing(long now);

    /**
     * Whose limits they are. Immutable.
     *
     * @param scope client, team, organization or model
     * @param name a name, or the pattern of models; empty text for the organization
     */
    record Owner(Budget.Scope scope, String name) {}

    /** The counted quantity of a limit. */
    enum Kind {
        REQUESTS("requests", "requests per minute"),
        /** All other requests to the upstream, such as token counts and lists of models, in a minute. */
        OTHER_REQUESTS("other_requests", "requests per minute"),
        /** Tokens of prompts in a minute, those that were read from the upstream's cache excepted. */
        INPUT_TOKENS("input_tokens", "input tokens per minute"),
        OUTPUT_TOKENS("output_tokens", "output tokens per minute"),
        CONCURRENT("concurrent", "requests at the same time");

        final String word;
        final String words;

        Kind(String word, String words) {
            this.word = word;
            this.words = words;
        }

        boolean isOfTokens() {
            return this == INPUT_TOKENS || this == OUTPUT_TOKENS;
        }
    }

    /** Identifies a limit. Immutable. */
    record Key(Owner owner, Kind kind) {
        /** The same on all nodes; at most 200 characters. */
        String text() {
            return owner.scope().word() + ":" + owner.name() + ":" + kind.word;
        }

        String words() {
            var scope = owner.scope();
            String whose = scope == Budget.Scope.ORGANIZATION ? "the organization" : scope.word() + " " + owner.name();
            return "the limit of " + kind.words + " of " + whose;
        }
    }

    /**
     * A request's need of one limit. Immutable.
     *
     * @param version the version of the policy that has this limit
     * @param size how much the limit permits in a minute, or at the same time; from 1
     * @param amount how much of it the request needs, at most {@code size}
     * @param models whether what the model of this name does counts
     */
    record Need(Key key, long version, long size, long amount, Predicate<String> models) {}
}
