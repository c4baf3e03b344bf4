package dev.warder.failover;

import dev.warder.credential.Candidates;
import dev.warder.credential.Outcome;

/** How often one request may still be sent. One thread at a time. */
final class TryBudget {
    /** After as many time-outs the request itself is the likelier cause. */
    private static final int MOST_TIME_OUTS = 2;

    private final boolean repeatable;
    private final Candidates candidates;
    private final Replays replays;
    private int sent;
    private int timedOut;
    private boolean replaying;

    /** @param repeatable whether the request can be sent more than once */
    TryBudget(boolean repeatable, Candidates candidates, Replays replays) {
        this.repeatable = repeatable;
        this.candidates = candidates;
        this.replays = replays;
    }

    /** Whether another credential may be tried; the first failover is free, later ones take a place of the replays. */
    boolean allowsAnother() {
        if (sent > 0 && !repeatable || timedOut >= MOST_TIME_OUTS) {
            return false;
        }
        if (sent > 1 && !replaying) {
            replaying = candidates.hasNext() && replays.enter();
            return replaying;
        }
        return true;
    }

    /** The request is sent with another credential; a renewed value does not count. */
    void sent() {
        sent++;
    }

    /** A credential brought no response. */
    void failed(Outcome outcome) {
        if (outcome instanceof Outcome.TimedOut) {
            timedOut++;
        }
    }

    /** The request is over: its unproven failures do not count, and the place is given back. */
    void over() {
        candidates.over();
        close();
    }

    /** Gives the place of the replays back. */
    void close() {
        if (replaying) {
            replaying = false;
            replays.leave();
        }
    }
}
