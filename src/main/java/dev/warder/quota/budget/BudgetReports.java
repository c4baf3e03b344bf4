package dev.warder.quota.budget;

import dev.warder.ledger.lease.PeriodReader;
import dev.warder.policy.BudgetScope;
import dev.warder.policy.Policy;
import dev.warder.usage.DocumentReads;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes reports of budgets on a thread of its own, which exists while there is something to report. Thread-safe; no method
 * waits.
 */
public final class BudgetReports implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BudgetReports.class);

    private static final int LINES = 50;
    private static final int SESSIONS = 20;
    private static final int MOST_OPEN = 50;

    private final Supplier<Policy> policy;
    private final Supplier<NodeBudgets> node;
    private final SharedNumbers numbers;
    private final InstantSource clock;
    private final DocumentReads reads;

    /**
     * Opens no connection yet.
     *
     * @param policy gives the policy in use
     * @param node gives what this node knows
     * @param source the operator's database, for reports alone
     * @param threads makes the thread, which ends after {@link #close}
     * @param clock the time of day
     * @param nanoTime a clock that never goes back
     */
    public BudgetReports(
            Supplier<Policy> policy,
            Supplier<NodeBudgets> node,
            DataSource source,
            ThreadFactory threads,
            InstantSource clock,
            LongSupplier nanoTime) {
        this.policy = policy;
        this.node = node;
        this.numbers = new SharedNumbers(new PeriodReader(source), nanoTime);
        this.clock = clock;
        this.reads = new DocumentReads(MOST_OPEN, threads);
    }

    /**
     * A report, with numbers of the database that are at most some seconds old.
     *
     * @return empty when too many reports are asked for, or this is closed; never completes with an exception
     */
    public CompletableFuture<Optional<BudgetReport>> report(BudgetQuery query) {
        if (!reads.enter()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        return reads.read(wanted -> attempt(query))
                .exceptionally(closed -> Optional.empty())
                .whenComplete((report, never) -> reads.leave());
    }

    private Optional<BudgetReport> attempt(BudgetQuery query) {
        try {
            return Optional.of(make(query));
        } catch (RuntimeException | Error fault) {
            LOG.error("A report of budgets cannot be made", fault);
            return Optional.empty();
        }
    }

    private BudgetReport make(BudgetQuery query) {
        var now = clock.instant();
        var current = policy.get();
        var here = node.get();
        var catalog = new Catalog(current, now, here.used());
        var read = numbers.of(catalog.keys(), here.run());
        var states = read.states();
        var tree = Tree.of(current, query, catalog, states);
        var waits = read.waits();
        return new BudgetReport(
                now,
                tree.query(),
                read.complete(),
                catalog.lines(current.organization(), states),
                tree.shown(),
                tree.more(),
                tree.pages(),
                Lines.of(catalog.lines(BudgetScope.TAG, states), LINES),
                Lines.of(catalog.lines(BudgetScope.MODEL, states), LINES),
                Lines.of(catalog.lines(BudgetScope.SESSION, states), SESSIONS),
                read.unread(),
                here.waiting(),
                here.allWaiting() - here.waiting().size(),
                waits.stream().limit(LINES).toList(),
                waits.size() > LINES,
                here.events());
    }

    /** Ends what waits. What runs goes on: an interrupted thread would close the files of H2. */
    @Override
    public void close() {
        reads.close();
    }
}
