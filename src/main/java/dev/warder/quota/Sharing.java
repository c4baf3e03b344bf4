package dev.warder.quota;

import java.util.Queue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * The sharing of limits with other nodes: the part of each that this node has without asking the database, and the limits about which
 * that is to be asked. Not thread-safe: {@link NodeLimits} has the lock.
 */
final class Sharing {
    /** After this many that requests wait for, one of the others is taken, so that what they give back is not held up. */
    private static final int URGENT_IN_A_ROW = 4;

    private final boolean alone;

    /** Whether the database cannot be used. */
    boolean away;

    /** Whether this node gives back what it has. */
    boolean ending;

    /** How many nodes use the database, from 1. */
    int nodes = 1;

    /** The limits that requests wait for. Queues of links: where memory lacks for one, nothing has changed. */
    private final Queue<Limit> urgent = new LinkedBlockingQueue<>();

    private final Queue<Limit> others = new LinkedBlockingQueue<>();
    private int inARow;

    /** @param alone whether this node shares limits with no other */
    Sharing(boolean alone) {
        this.alone = alone;
    }

    boolean asks() {
        return !alone && !away;
    }

    /**
     * The part that this node has without the database: nothing while that can be asked, otherwise that of one node of
     * all.
     */
    double part() {
        return asks() ? 0 : partOfNode();
    }

    double partOfNode() {
        return 1.0 / nodes;
    }

    /** A request has taken or given back something of it. */
    void used(Limit limit, long now) {
        if (!alone && (!limit.kept || limit.needsLook(now))) {
            changed(limit);
        }
    }

    /** The mark is set last, so that it is not set when adding fails for lack of memory. */
    void changed(Limit limit) {
        if (!alone && !limit.due) {
            others.add(limit);
            limit.due = true;
        }
    }

    /** A request waits for it. One that is also among the others is looked at a second time. */
    void lacks(Limit limit) {
        if (!limit.urgent) {
            urgent.add(limit);
            limit.urgent = true;
        }
    }

    int due() {
        return urgent.size() + others.size();
    }

    /** Takes the next one about which the database is to be asked; null if there is none. */
    @Nullable
    Limit next() {
        boolean isTurnOfOthers = inARow == URGENT_IN_A_ROW && !others.isEmpty();
        var limit = isTurnOfOthers ? null : urgent.poll();
        if (limit != null) {
            limit.urgent = false;
            inARow = Math.min(URGENT_IN_A_ROW, inARow + 1);
            return limit;
        }
        inARow = 0;
        var other = others.poll();
        if (other != null) {
            other.due = false;
        }
        return other;
    }
}
