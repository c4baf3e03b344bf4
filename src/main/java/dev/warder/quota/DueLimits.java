package dev.warder.quota;

import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Limits that the next transactions look at: first those that requests wait for, then the others, each in the order in which
 * they were added. Not thread-safe: {@link NodeLimits} has the lock.
 */
final class DueLimits<L extends Limit> {
    /** After this many urgent ones, one of the others is taken, so that what they give back is not held up. */
    private static final int URGENT_IN_A_ROW = 4;

    /** Queues of links: where memory lacks for one, nothing has changed. */
    private final Queue<L> urgent = new LinkedBlockingQueue<>();

    private final Queue<L> others = new LinkedBlockingQueue<>();
    private int inARow;

    /** No effect if it is here. The mark is set last, so that it is not set when adding fails for lack of memory. */
    void add(L limit) {
        if (!limit.due) {
            others.add(limit);
            limit.due = true;
        }
    }

    /** A request waits for it. One that is also among the others is looked at a second time. */
    void addUrgent(L limit) {
        if (!limit.urgent) {
            urgent.add(limit);
            limit.urgent = true;
        }
    }

    Optional<L> next() {
        boolean isTurnOfOthers = inARow == URGENT_IN_A_ROW && !others.isEmpty();
        return isTurnOfOthers || urgent.isEmpty() ? nextOther() : nextUrgent();
    }

    private Optional<L> nextUrgent() {
        var limit = Optional.ofNullable(urgent.poll());
        limit.ifPresent(each -> each.urgent = false);
        inARow = Math.min(URGENT_IN_A_ROW, inARow + 1);
        return limit;
    }

    private Optional<L> nextOther() {
        var limit = Optional.ofNullable(others.poll());
        limit.ifPresent(each -> each.due = false);
        inARow = 0;
        return limit;
    }

    int size() {
        return urgent.size() + others.size();
    }
}
