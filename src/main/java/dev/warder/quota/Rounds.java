package dev.warder.quota;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Goes round a list: each element is visited once in a period, a few at a time. Not thread-safe. */
final class Rounds<T> {
    private final List<T> all = new ArrayList<>();
    private final long period;
    private int next;
    private long visitedAt;

    /** @param period in nanoseconds, for all elements; from 1 */
    Rounds(long period, long now) {
        this.period = period;
        this.visitedAt = now;
    }

    void add(T element) {
        all.add(element);
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /**
     * Visits those whose turn it is.
     *
     * @param most how many of them at most
     * @param stays whether an element is visited again; otherwise it is not in the list any more
     * @return whether it is the turn of more
     */
    boolean visit(int most, long now, Predicate<T> stays) {
        // Never more than all of them, after a pause.
        visitedAt = all.isEmpty() ? now : Math.max(visitedAt - now, -period) + now;
        long pause = Math.max(1, period / Math.max(1, all.size()));
        for (int i = 0; i < most && isDue(pause, now); i++) {
            visitedAt += pause;
            visitNext(stays);
        }
        return isDue(pause, now);
    }

    private boolean isDue(long pause, long now) {
        return !all.isEmpty() && now - visitedAt >= pause;
    }

    private void visitNext(Predicate<T> stays) {
        next = next < all.size() ? next : 0;
        if (stays.test(all.get(next))) {
            next++;
        } else {
            all.set(next, all.get(all.size() - 1));
            all.remove(all.size() - 1);
        }
    }
}
