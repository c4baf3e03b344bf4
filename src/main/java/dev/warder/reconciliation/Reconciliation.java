package dev.warder.reconciliation;

import dev.warder.ledger.store.PeriodKey;
import dev.warder.policy.Period;
import dev.warder.policy.Policy;
import dev.warder.reconciliation.report.AdminReports;
import dev.warder.reconciliation.store.Adjustment;
import dev.warder.reconciliation.store.Bookings;
import dev.warder.reconciliation.store.ReconciliationStore;
import dev.warder.thread.RepeatingThread;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/**
 * Compares the ledger with the reports of Anthropic, day by day, and books differences. Days are looked at on one thread; lists
 * are made on another one, which exists while there is something to do. Thread-safe; only {@link #bookings} and {@link #close} wait.
 */
public final class Reconciliation implements AutoCloseable {
    private static final int MOST_QUEUED = 50;
    private static final long IDLE_SECONDS = 5;
    private static final long END_MILLIS = 2000;

    private final ReconciliationStore store;
    private final AdminReports reports;
    private final Looks looks;
    private final RepeatingThread looking;
    private final ThreadPoolExecutor thread;
    private final Optional<Supplier<Policy>> policy;

    /**
     * Opens no connection yet; nothing is looked at before {@link #start}.
     *
     * @param source the operator's database, for looks alone
     * @param lists the operator's database, for lists
     * @param retention how long the ledger keeps rows
     * @param policy gives the policy in use, whose budgets of the organization are charged
     * @param threads makes all threads, which end after {@link #close}
     */
    public Reconciliation(
            ReconcileSettings settings,
            DataSource source,
            DataSource lists,
            Duration retention,
            Optional<Supplier<Policy>> policy,
            ThreadFactory threads,
            InstantSource clock,
            RandomGenerator random) {
        var run = UUID.randomUUID();
        this.store = new ReconciliationStore(lists);
        this.policy = policy;
        reports = new AdminReports(settings.api(), settings.map(), threads, clock, random);
        var own = new ReconciliationStore(source);
        looks = new Looks(own, new Looker(own, reports, settings.map(), run), new DaysDue(retention), run, clock);
        looking = new RepeatingThread(looks::run, reports::release, threads);
        thread = new ThreadPoolExecutor(
                1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MOST_QUEUED), threads);
        thread.allowCoreThreadTimeOut(true);
    }

    /** Begins to look. */
    public void start() {
        looking.start();
    }

    /** What this node knows of its looks. */
    public ReconciliationStatus status() {
        return looks.status();
    }

    /** Looks at all days that are not settled, soon. */
    public void look() {
        looks.ask(Optional.empty());
        looking.wake();
    }

    /** Looks at these days, both inclusive, soon: those of the last 31 whose rows are all in the ledger. */
    public void look(LocalDate from, LocalDate to) {
        looks.ask(Optional.of(new DaysDue.Asked(from, to)));
        looking.wake();
    }

    /**
     * The days between these, both inclusive.
     *
     * @return fails with {@link SQLException} if the database cannot be read now, or with {@link RejectedExecutionException} if
     *     too much is asked for
     */
    public CompletableFuture<ReconciliationReport> report(LocalDate from, LocalDate to) {
        return submit(() -> {
            var lines = store.lines(from, to);
            boolean cut = lines.size() == ReconciliationStore.MOST;
            return new ReconciliationReport(from, to, store.days(from, to), lines, cut, looks.status());
        });
    }

    /** The bookings of these days, both inclusive; fails as {@link #report}. */
    public CompletableFuture<List<Adjustment>> adjustments(LocalDate from, LocalDate to) {
        return submit(() -> store.adjustments(from, to));
    }

    /**
     * Locks a day for bookings, which are charged to the organization's budgets. The caller owns the transaction, in a database
     * with the tables of reconciliation; waits for the database.
     *
     * @return empty for a day that was not compared
     */
    public Optional<Bookings> bookings(Connection connection, LocalDate day) throws SQLException {
        return Bookings.of(connection, day, periods(day));
    }

    /**
     * The periods of the organization's budgets to which a day belongs. A UTC day may lie in two days of another zone; its noon
     * decides. It has no hour.
     */
    private Set<PeriodKey> periods(LocalDate day) {
        var noon = day.atTime(LocalTime.NOON).toInstant(ZoneOffset.UTC);
        return policy.map(Supplier::get).map(Policy::organization).orElse(List.of()).stream()
                .filter(budget -> budget.terms().period() != Period.HOUR)
                .map(budget -> new PeriodKey(
                        budget.key(), budget.terms().windowAt(noon).start()))
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Work that waits for the database.
     *
     * @param <T> its result
     */
    private interface Work<T> {
        T call() throws SQLException;
    }

    /** Something to do. */
    private record Task<T>(Work<T> work, CompletableFuture<T> result) implements Runnable {
        @Override
        public void run() {
            try {
                result.complete(work.call());
            } catch (SQLException | RuntimeException | Error failed) {
                result.completeExceptionally(failed);
            }
        }
    }

    private <T> CompletableFuture<T> submit(Work<T> work) {
        var task = new Task<>(work, new CompletableFuture<T>());
        try {
            thread.execute(task);
        } catch (RejectedExecutionException full) {
            task.result().completeExceptionally(full);
        }
        return task.result();
    }

    /** Ends what is read from Anthropic, and what waits. */
    @Override
    public void close() {
        reports.close();
        looking.end(END_MILLIS);
        thread.shutdown();
        for (var each = thread.getQueue().poll();
                each != null;
                each = thread.getQueue().poll()) {
            if (each instanceof Task<?> task) {
                task.result().completeExceptionally(new RejectedExecutionException());
            }
        }
    }
}
