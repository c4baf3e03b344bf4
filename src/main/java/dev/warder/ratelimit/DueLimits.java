package dev.warder.ratelimit;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/**
 * Limits about which the database may have to know more, in the order in which that became so; before them those that requests
 * wait for. Not thread-safe: {@link Limits} has the lock.
 */
final class DueLimits<L extends Limit> {
    private final Queue<L> urgent = new ArrayDeque<>();
    private final Queue<L> others = new ArrayDeque<>();

    /** No effect if it is here. The mark follows: it may not stay where memory was lacking. */
    void add(L limit) {
        if (!limit.use().isDue()) {
            others.add(limit);
            limit.use().due(true);
        }
    }

    /** A request waits for it. One that is here already is looked at twice. */
    void addUrgent(L limit) {
        if (!limit.use().isUrgent()) {
            urgent.add(limit);
            limit.use().urgent(true);
        }
    }

    /** Takes the next one; empty if there is none. */
    Optional<L> next() {
        var first = Optional.ofNullable(urgent.poll());
        if (first.isPresent()) {
            first.get().use().urgent(false);
            return first;
        }
        var other = Optional.ofNullable(others.poll());
        other.ifPresent(limit -> limit.use().due(false));
        return other;
    }

    int size() {
        return urgent.size() + others.size();
    }
}
