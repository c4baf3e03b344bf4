package dev.warder.quota;

import dev.warder.ledger.lease.FencedException;
import dev.warder.ledger.lease.Opening;
import dev.warder.ledger.store.PeriodKey;
import dev.warder.usage.RepeatingThread;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that asks the database for budgets that are new to this node. It is not that of the {@link LeaseKeeper}: what
 * the ledger has of a budget takes time to read, and requests that run must not wait for that. Thread-safe.
 */
final class AccountOpener {
    private static final Logger LOG = LoggerFactory.getLogger(AccountOpener.class);

    private static final long PAUSE_MILLIS = 250;
    static final long END_MILLIS = 1000;

    private static final long PAUSE_AWAY = Duration.ofSeconds(1).toNanos();

    /** How long a budget that could not be read in time is left alone. */
    private static final long AGAIN = Duration.ofSeconds(10).toNanos();

    /** The statement was cancelled, by its limit of time: PostgreSQL, appendix A; H2, error codes. */
    private static final String CANCELLED = "57014";

    private final LeaseKeeper keeper;
    private final Function<ChargedBudget, Opening> openings;
    final RepeatingThread thread;
    private final Map<PeriodKey, Long> failedAt = new HashMap<>();
    private long pausedUntil;

    AccountOpener(LeaseKeeper keeper, Function<ChargedBudget, Opening> openings, ThreadFactory threads) {
        this.keeper = keeper;
        this.openings = openings;
        this.pausedUntil = keeper.nanoTime.getAsLong();
        this.thread = new RepeatingThread(this::openAll, () -> {}, threads);
    }

    /** Each has a transaction of its own. */
    private long openAll() {
        if (!keeper.isStarted() || keeper.isAway() || keeper.nanoTime.getAsLong() - pausedUntil < 0) {
            return PAUSE_MILLIS;
        }
        var unopened = keeper.accounts.unopened();
        failedAt.keySet()
                .retainAll(unopened.budgets().stream().map(ChargedBudget::key).toList());
        try {
            for (var budget : unopened.budgets()) {
                if (!thread.isEnding() && !hasFailed(budget.key())) {
                    open(unopened.run(), budget);
                }
            }
        } catch (SQLException failed) {
            LOG.debug("budgets were not read: {}", failed.getClass().getSimpleName());
            pausedUntil = keeper.nanoTime.getAsLong() + PAUSE_AWAY;
            keeper.failed();
        } catch (FencedException dead) {
            keeper.fenced(unopened.run());
        }
        return PAUSE_MILLIS;
    }

    private boolean hasFailed(PeriodKey key) {
        long now = keeper.nanoTime.getAsLong();
        return now - failedAt.getOrDefault(key, now - AGAIN) < AGAIN;
    }

    /** One that cannot be read, or not in time, is left alone for a while. */
    private void open(UUID run, ChargedBudget budget) throws SQLException, FencedException {
        try {
            var request = keeper.accounts.newRequest(budget.key(), openings.apply(budget));
            if (request.isPresent()) {
                keeper.accounts.reserved(run, keeper.store.reserve(run, List.of(request.get())));
                keeper.thread.wake();
            }
        } catch (SQLException failed) {
            if (!(failed instanceof SQLTimeoutException) && !CANCELLED.equals(failed.getSQLState())) {
                throw failed;
            }
            LOG.warn(
                    "Budgets: reading what was spent of {} takes too long; it is tried again in 10 s",
                    budget.key().budget());
            failedAt.put(budget.key(), keeper.nanoTime.getAsLong());
        } catch (RuntimeException fault) {
            LOG.error(
                    "The budget {} could not be read from the database",
                    budget.key().budget(),
                    fault);
            failedAt.put(budget.key(), keeper.nanoTime.getAsLong());
        }
    }
}
