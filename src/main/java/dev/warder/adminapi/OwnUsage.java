package dev.warder.adminapi;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.container.TaskPool;
import dev.warder.database.DatabaseSchema;
import dev.warder.database.RepeatableTransactions;
import dev.warder.ledger.store.PeriodReader;
import dev.warder.policy.Policy;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The spending of one client, for that client. One thread reads it, for one client after the other, so that this node asks its
 * database for at most one at a time. Thread-safe; no method waits.
 */
public final class OwnUsage implements AutoCloseable {
    /** How far sessions go back: all rows of the ledger since then are read. */
    public static final Duration SESSIONS = Duration.ofHours(24);

    private static final Logger LOG = LoggerFactory.getLogger(OwnUsage.class);
    private static final int MOST_SESSIONS = 20;

    /** A page that is loaded again and again costs the database no more than one load in this time. */
    private static final Duration KEPT = Duration.ofSeconds(10);

    private static final int MOST_KEPT = 1000;

    /** Clients that wait for their numbers. */
    private static final int MOST_WAITING = 32;

    private static final String LATEST_SESSIONS =
            """
            SELECT session_id AS id, COUNT(*) AS "rows", SUM(cost_usd) AS dollars, MAX(ended_at) AS last_end
            FROM warder_ledger
            WHERE ended_at >= ? AND client = ? AND session_id IS NOT NULL
            GROUP BY session_id
            ORDER BY MAX(ended_at) DESC
            FETCH FIRST ? ROWS ONLY
            """;

    private final Supplier<Policy> policy;
    private final PeriodReader periods;
    private final RepeatableTransactions transactions;
    private final InstantSource clock;
    private final TaskPool reads;

    @GuardedBy("kept")
    private final Map<String, Kept> kept = new HashMap<>();

    /**
     * Creates it; nothing is read yet.
     *
     * @param policy gives the policy in use, which has the budgets
     * @param source used by this object alone
     * @param threads makes the thread
     */
    public OwnUsage(Supplier<Policy> policy, DataSource source, ThreadFactory threads, InstantSource clock) {
        this.policy = policy;
        this.clock = clock;
        periods = new PeriodReader(source);
        transactions = new RepeatableTransactions(source, DatabaseSchema.Tables.LEDGER);
        reads = new TaskPool(1, MOST_WAITING, threads);
    }

    /**
     * The amount spent under the limit that leaves the least in a period.
     *
     * @param period such as {@code daily}
     * @param limit in US cents
     * @param spent in US cents, with up to three decimals
     * @param of whose limit it is: {@code user}, {@code rbac_group} for a team, or {@code organization}
     */
    public record Spend(String period, String limit, String spent, String of) {
        private static Spend of(EffectiveLimits.Row row) {
            return new Spend(row.period(), row.limit(), row.spent(), row.source());
        }
    }

    /**
     * The usage of a client.
     *
     * @param sessions empty if they cannot be read now
     */
    public record Numbers(List<Spend> spend, Optional<List<SessionSums>> sessions) {
        public Numbers {
            spend = List.copyOf(spend);
            sessions = sessions.map(List::copyOf);
        }
    }

    /** Numbers that are read, or were. */
    private record Kept(CompletableFuture<Numbers> numbers, Instant since) {}

    /**
     * Reads the usage of a client, at most some seconds old; fails if it cannot be read now, or too many clients wait for it.
     */
    public CompletableFuture<Numbers> of(String client) {
        var now = clock.instant();
        synchronized (kept) {
            kept.values()
                    .removeIf(each -> each.numbers().isDone()
                            && !now.isBefore(each.since().plus(KEPT)));
            var known = Optional.ofNullable(kept.get(client));
            if (known.isPresent()) {
                return known.get().numbers().copy();
            }
            if (kept.size() >= MOST_KEPT) {
                return CompletableFuture.failedFuture(new RejectedExecutionException("too many clients wait"));
            }
            var numbers = reads.run(client, () -> false, () -> read(client));
            if (!numbers.isCompletedExceptionally()) {
                kept.put(client, new Kept(numbers, now));
            }
            return numbers.copy();
        }
    }

    private Numbers read(String client) throws SQLException {
        var query = EffectiveLimits.Asked.ofClient(client);
        var limits = EffectiveLimits.of(policy.get(), query, clock.instant());
        var spend =
                limits.rows(periods.read(limits.keys())).stream().map(Spend::of).toList();
        return new Numbers(spend, sessions(client));
    }

    /** They take longer than the spend, which is shown without them if need be. */
    private Optional<List<SessionSums>> sessions(String client) {
        try {
            var since = clock.instant().minus(SESSIONS);
            return Optional.of(transactions.run(handle -> handle.select(LATEST_SESSIONS, since, client, MOST_SESSIONS)
                    .mapTo(SessionSums.class)
                    .list()));
        } catch (SQLException away) {
            LOG.debug("the sessions of a client cannot be read (SQL state {})", away.getSQLState());
            return Optional.empty();
        }
    }

    /** Ends what waits. What runs goes on: an interrupted thread would close the files of H2. */
    @Override
    public void close() {
        reads.close();
    }

    /**
     * The cost of a client's requests of one session. Immutable.
     *
     * @param id the id of the session, which the client has chosen
     * @param rows how many rows of the ledger it has
     * @param dollars their cost in US dollars
     * @param lastEnd when the last of them ended
     */
    public record SessionSums(String id, long rows, BigDecimal dollars, Instant lastEnd) {}
}
