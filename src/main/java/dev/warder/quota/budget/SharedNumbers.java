package dev.warder.quota.budget;

import dev.warder.ledger.lease.NodeWait;
import dev.warder.ledger.lease.PeriodReader;
import dev.warder.ledger.lease.PeriodState;
import dev.warder.ledger.store.PeriodKey;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The numbers of budgets in the database. It is read for all callers, and again only when it is old: the longer that
 * takes, the less
 * often, so that the database spends at most a twentieth of its time on it. One thread at a time.
 */
final class SharedNumbers {
    private static final Logger LOG = LoggerFactory.getLogger(SharedNumbers.class);

    /** The most budgets that are read. */
    static final int MOST = 50_000;

    /** Read at once: five queries. */
    private static final int PART = 1000;

    private static final long LONGEST = Duration.ofSeconds(10).toNanos();
    private static final long LEAST_AGE = Duration.ofSeconds(2).toNanos();
    private static final long MOST_AGE = Duration.ofSeconds(60).toNanos();
    private static final int TIMES = 20;

    private final PeriodReader periods;
    private final LongSupplier nanoTime;
    private Numbers last = Numbers.NONE;
    private long readAgainAt;

    /** @param nanoTime a clock that never goes back */
    SharedNumbers(PeriodReader periods, LongSupplier nanoTime) {
        this.periods = periods;
        this.nanoTime = nanoTime;
        readAgainAt = nanoTime.getAsLong();
    }

    /**
     * The numbers that were read. Immutable.
     *
     * @param complete whether the database could be read
     * @param unread how many periods were not read, because there are too many
     */
    record Numbers(boolean complete, Map<PeriodKey, PeriodState> states, int unread, List<NodeWait> waits) {
        static final Numbers NONE = new Numbers(false, Map.of(), 0, List.of());

        Numbers {
            states = Map.copyOf(states);
            waits = List.copyOf(waits);
        }
    }

    /**
     * The numbers of these periods, or those that were read some seconds ago. Waits for the database.
     *
     * @param keys those first that matter most
     * @param run of this node
     */
    Numbers of(List<PeriodKey> keys, UUID run) {
        long began = nanoTime.getAsLong();
        if (began - readAgainAt >= 0) {
            last = read(keys, run, began);
            long ended = nanoTime.getAsLong();
            long age = Math.min(MOST_AGE, Math.max(LEAST_AGE, TIMES * (ended - began)));
            readAgainAt = ended + (!last.complete() ? LEAST_AGE : age);
        }
        return last;
    }

    private Numbers read(List<PeriodKey> keys, UUID run, long began) {
        try {
            var states = new HashMap<PeriodKey, PeriodState>();
            int read = 0;
            while (read < Math.min(MOST, keys.size()) && nanoTime.getAsLong() - began < LONGEST) {
                int to = Math.min(Math.min(MOST, keys.size()), read + PART);
                states.putAll(periods.read(keys.subList(read, to)));
                read = to;
            }
            return new Numbers(true, states, keys.size() - read, periods.waits(run));
        } catch (SQLException | RuntimeException failed) {
            LOG.debug(
                    "the numbers of budgets cannot be read: {}",
                    failed.getClass().getSimpleName());
            return Numbers.NONE;
        }
    }
}
