package dev.warder.quota;

import dev.warder.quota.LimitStore.SlotRequest;
import dev.warder.quota.LimitStore.SlotState;
import java.util.Optional;

/**
 * A limit of requests at the same time. Where several nodes share it, the database has the number of slots of each node; one
 * that is not needed here is given back.
 */
final class Slots extends Limit {
    /** The database is to know what this node has also if that has not changed: it may have forgotten the node. */
    private static final long NOTE_NANOS = 5_000_000_000L;

    private static final long RETRY_NANOS = 5_000_000_000L;

    private long used;
    private long granted;
    private long elsewhere;
    private long elsewhereAt;

    /** Whether the database may have something else than what is here: it was asked, and has not responded. */
    private boolean asked;

    Slots(Limit.Key key, long size, Sharing sharing, long now) {
        super(key, size, sharing, now);
        elsewhereAt = now - STALE_NANOS;
    }

    @Override
    boolean has(long amount, long now) {
        return used + amount <= most();
    }

    private long most() {
        long own = (long) Math.max(1, Math.floor(sharing.part() * size()));
        return sharing.asks() ? Math.min(granted, size()) : Math.max(Math.min(granted, size()), own);
    }

    @Override
    long wait(long amount, long now) {
        boolean known = now - elsewhereAt < STALE_NANOS;
        boolean full = known ? used + amount + elsewhere > size() : used + amount > size();
        return !sharing.asks() || full ? RETRY_NANOS : ASK;
    }

    @Override
    void change(long amount, long now) {
        used += amount;
        reach((double) used, now);
    }

    @Override
    boolean needsLook(long now) {
        return wanted(now) != granted;
    }

    @Override
    boolean holdsNothing(long now) {
        return used == 0 && granted == 0 && !asked;
    }

    /**
     * The request to send to the database, if there is one; slots that are not needed cannot be taken here any more. To be
     * called some times a second.
     */
    Optional<SlotRequest> request(long now) {
        long wanted = wanted(now);
        boolean isNoted = granted == 0 || now - elsewhereAt < NOTE_NANOS;
        if (wanted == granted && isNoted && !asked) {
            return Optional.empty();
        }
        granted = Math.min(granted, wanted);
        asked = true;
        return Optional.of(new SlotRequest(key().text(), size(), used, wanted));
    }

    private long wanted(long now) {
        double kept = sharing.ending ? 0 : Math.min((double) used + slotsKept(), recent(now));
        long needed = Math.max(Math.min(granted, (long) kept), used + demanded());
        return Math.max(used, Math.min(size(), needed));
    }

    /** One that is kept is lacking on other nodes: of a small limit, all nodes keep no more than a quarter. */
    private long slotsKept() {
        long part = (long) (mostKept() * sharing.partOfNode());
        boolean hasEnough = mostKept() >= 1 && size() * sharing.partOfNode() >= 4;
        return Math.max(part, hasEnough ? 1 : 0);
    }

    void noted(SlotState state, long now) {
        asked = false;
        granted = state.granted();
        elsewhere = state.elsewhere();
        elsewhereAt = now;
    }
}
