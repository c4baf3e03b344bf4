package dev.warder.quota;

import dev.warder.quota.LimitStore.Refill;
import dev.warder.quota.LimitStore.RefillRequest;
import java.util.Optional;

/**
 * A limit for a minute: a token bucket that has room for a minute's amount and is filled continuously, as the API's own limits
 * are (source: the page on rate limits of the Anthropic documentation).
 *
 * <p>Where several nodes share it, the database has the bucket, and this object the part that was taken out of it in advance,
 * a slice. What was taken without being there makes it negative, and is paid back first.
 */
final class Bucket extends Limit {
    private static final double MINUTE_NANOS = 60e9;

    private static final double ROUNDING = 1e-6;

    private double free;
    private long filledAt;

    /** The amount added here while the database could not be used; it has filled its own bucket meanwhile. */
    private double addedHere;

    /** The amount that requests have given back, until the database has it: there it cannot become more than a minute's amount. */
    private double returned;

    /** The amount that the database is being asked to take back. If it fails, it is asked again: it may have done it or not. */
    private double underWay;

    private double left;
    private long leftAt;
    private boolean leftKnown;

    Bucket(Limit.Key key, long size, Sharing sharing, long now) {
        super(key, size, sharing, now);
        free = sharing.part() * size;
        addedHere = free;
        filledAt = now;
    }

    @Override
    void resize(long next, long now) {
        refill(now);
        if (next < size()) {
            free = Math.min(free, (double) next);
        }
    }

    @Override
    boolean has(long amount, long now) {
        refill(now);
        return free >= required(amount) - ROUNDING;
    }

    /** At most what the bucket can have. */
    private double required(long amount) {
        return Math.min((double) amount, size() * (sharing.asks() ? 1 : sharing.part()));
    }

    @Override
    long wait(long amount, long now) {
        double lack = required(amount) - free;
        if (!sharing.asks()) {
            return nanos(lack, rate() * sharing.part());
        }
        boolean known = leftKnown && now - leftAt < STALE_NANOS;
        double there = there(now) + returned + underWay;
        return known && lack > there ? nanos(lack - there, rate()) : ASK;
    }

    /** The amount that is filled in a nanosecond. */
    private double rate() {
        return size() / MINUTE_NANOS;
    }

    /** The amount that the database has by now, if no other node has taken of it since. */
    private double there(long now) {
        return Math.min((double) size(), left + rate() * (now - leftAt));
    }

    private static long nanos(double lack, double rate) {
        return (long) Math.ceil(lack / rate);
    }

    @Override
    void change(long amount, long now) {
        refill(now);
        if (sharing.asks()) {
            // What was taken without being there is paid back first, then what this node keeps anyway.
            double lack = Math.max(0, kept(now) - free);
            double kept = Math.max((double) amount, -lack);
            free -= kept;
            returned += kept - amount;
        } else {
            free = Math.min((double) size(), free - amount);
        }
        add((double) Math.max(0, amount), now);
    }

    private double kept(long now) {
        double all = sharing.ending ? 0 : mostKept();
        // A part of a request is of no use to any node.
        double own = all == 0 ? 0 : Math.max(1, all * sharing.partOfNode());
        return Math.min(own, 2 * recent(now));
    }

    @Override
    boolean needsLook(long now) {
        return returned > 0 || free < kept(now) / 2;
    }

    @Override
    void refill(long now) {
        if (now == filledAt) {
            return;
        }
        double most = sharing.part() * size();
        double filled = Math.max(free, Math.min(most, free + most / MINUTE_NANOS * (now - filledAt)));
        filledAt = now;
        addedHere += filled - free;
        free = filled;
    }

    @Override
    void awayChanged(long now) {
        // What the database would not have taken, since its bucket is full, is not there.
        double most = Math.max(free, (double) size());
        free = Math.min(most, free + returned);
        returned = 0;
        if (sharing.asks()) {
            // At most what this node's part of a bucket has: the database's own was full after a minute.
            free -= Math.min(addedHere, sharing.partOfNode() * size());
            addedHere = 0;
        } else {
            double more = sharing.part() * Math.max(0, leftKnown ? there(now) : size());
            addedHere = Math.min(more, most - free);
            free += addedHere;
        }
    }

    @Override
    boolean holdsNothing(long now) {
        refill(now);
        return sharing.asks() ? free == 0 && returned + underWay == 0 : free >= sharing.part() * size();
    }

    double remaining(long now) {
        refill(now);
        double there = leftKnown && sharing.asks() ? left + rate() * (now - leftAt) : 0;
        double unknown = leftKnown || !sharing.asks() ? 0 : size();
        return Math.min((double) size(), free + returned + underWay + there + unknown + ROUNDING);
    }

    /** The request to the database; what is given back cannot be taken here any more. To be called some times a second. */
    Optional<RefillRequest> request(long now) {
        double keep = kept(now);
        double have = Math.max(0, free);
        double debt = Math.max(0, -free);
        double least = Math.max(0, required(firstDemand()) - have);
        double spare = have - demanded();
        double most = Math.max(0, spare < keep / 2 ? keep - spare : -spare);
        boolean tooMuch = sharing.asks() && demand().isEmpty() && have > 2 * keep;
        double unused = tooMuch ? have - keep : 0;
        free -= unused;
        underWay += returned + unused;
        returned = 0;
        return debt + most + underWay == 0
                ? Optional.empty()
                : Optional.of(new RefillRequest(key().text(), size(), debt, least, Math.max(least, most), underWay));
    }

    void refilled(Refill refill, long now) {
        free += refill.granted();
        underWay = 0;
        left = refill.left();
        leftAt = now;
        leftKnown = true;
    }
}
