package dev.warder.budget.account;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What responses that have begun need of one budget in addition to what they hold, in nano-dollars. It comes before all new
 * requests. Not thread-safe: {@link Accounts} has the lock.
 */
final class Lacking {
    private final Map<Hold, Long> holds = new HashMap<>();
    private long nanos;

    /** The sum of all. */
    long nanos() {
        return nanos;
    }

    /** A response needs this in addition to what it holds. */
    void add(Hold hold, long more) {
        nanos += more - Objects.requireNonNullElse(holds.put(hold, more), 0L);
    }

    /** The response lacks nothing any more. */
    void remove(Hold hold) {
        nanos -= Objects.requireNonNullElse(holds.remove(hold), 0L);
    }
}
