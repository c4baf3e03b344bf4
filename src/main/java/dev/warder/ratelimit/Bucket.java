package dev.warder.ratelimit;

import dev.warder.ratelimit.store.Refill;
import dev.warder.ratelimit.store.RefillRequest;
import java.util.Optional;

/**
 * A limit for a minute: a token bucket that has room for a minute's amount and is filled continuously, as the API's own limits
 * are (source: the page on rate limits of the Anthropic documentation).
 *
 * <p>Where several nodes share it, the database has the bucket, and this object the part that was taken out of it in advance,
 * a slice. What was taken without being there makes it negative, and is paid back first.
 */
final class Bucket implements Limit {
    private static final double MINUTE_NANOS = 60e9;

    /** A slice has at most what is refilled in 5 s. */
    private static final double SLICES = 12;

    /** A slice lasts for this number of looks, if as much is used as before. */
    private static final double LOOKS = 8;

    private static final double FORGOTTEN = 0.01;

    /** What sums of parts may lack. */
    private static final double ROUNDING = 1e-6;

    private final LimitUse use;
    private final Sharing sharing;
    private double free;
    private long filledAt;
    private double left;
    private long leftAt;
    private boolean leftKnown;
    private double lacking;
    private double taken;
    private double usual;

    Bucket(LimitKey key, long size, Sharing sharing, long now) {
        this.use = new LimitUse(key, size, now);
        this.sharing = sharing;
        free = sharing.part() * size;
        filledAt = now;
    }

    @Override
    public LimitUse use() {
        return use;
    }

    @Override
    public void adopt(long permitted) {
        if (permitted < size()) {
            free = Math.min(free, (double) permitted);
        }
        use.size(permitted);
    }

    @Override
    public boolean has(long amount, long now) {
        refill(now);
        return free >= required(amount) - ROUNDING;
    }

    /** At most what the bucket can have. */
    private double required(long amount) {
        return Math.min((double) amount, size() * (sharing.asks() ? 1 : sharing.part()));
    }

    @Override
    public long wait(long amount, long now) {
        double lack = required(amount) - free;
        double rate = size() / MINUTE_NANOS;
        if (!sharing.asks()) {
            return nanos(lack, rate * sharing.part());
        }
        double there = Math.min((double) size(), left + rate * (now - leftAt));
        boolean known = leftKnown && now - leftAt < STALE_NANOS;
        return known && lack > there ? nanos(lack - there, rate) : ASK;
    }

    private static long nanos(double lack, double rate) {
        return (long) Math.ceil(lack / rate);
    }

    @Override
    public void lacks(long amount) {
        lacking = Math.max(lacking, required(amount));
    }

    @Override
    public void change(long amount, long now) {
        refill(now);
        free -= amount;
        taken += Math.max(0, amount);
        if (!sharing.asks()) {
            free = Math.min(free, (double) size());
        }
    }

    @Override
    public void refill(long now) {
        double most = sharing.part() * size();
        double more = most / MINUTE_NANOS * (now - filledAt);
        filledAt = now;
        free = Math.max(free, Math.min(most, free + more));
    }

    @Override
    public boolean holdsNothing(long now) {
        refill(now);
        return sharing.asks() ? free == 0 : free >= sharing.part() * size();
    }

    /** What is left to be taken on this node and from the database, as far as is known; may be negative. */
    double remaining(long now) {
        refill(now);
        double there = leftKnown && sharing.asks() ? left + size() / MINUTE_NANOS * (now - leftAt) : 0;
        double unknown = leftKnown || !sharing.asks() ? 0 : size();
        return Math.min((double) size(), free + there + unknown);
    }

    /** What the database is to do; what is given back cannot be taken here any more. To be called some times a second. */
    Optional<RefillRequest> request() {
        usual = Math.max(usual / 2, taken);
        usual = usual < FORGOTTEN ? 0 : usual;
        taken = 0;
        double slice = Math.min(size() / SLICES, LOOKS * usual);
        double debt = Math.max(0, -free);
        double have = Math.max(0, free);
        double least = Math.max(0, lacking - have);
        double wish = have < slice / 2 ? slice - have : 0;
        double back = lacking == 0 && have > 2 * slice ? have - slice : 0;
        free -= back;
        lacking = 0;
        return debt + least + wish + back == 0
                ? Optional.empty()
                : Optional.of(new RefillRequest(key().text(), size(), debt, least, Math.max(least, wish), back));
    }

    /** The database has done it. */
    void refilled(Refill refill, long now) {
        free += refill.granted();
        left = refill.left();
        leftAt = now;
        leftKnown = true;
    }
}
