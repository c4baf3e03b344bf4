package dev.warder.whatif;

import dev.warder.ledger.jdbc.HourTable;
import dev.warder.policy.Policy;
import dev.warder.policy.Principal;
import dev.warder.policy.Team;
import dev.warder.thread.DocumentReads;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/**
 * Tries budgets on the sums that the ledger keeps for each hour and client. One thread reads them, for one trial after the
 * other. Thread-safe; no method waits.
 */
public final class Trials implements AutoCloseable {
    private static final int MOST_OPEN = 4;

    /** From the call on: a browser gets no response after half a minute. */
    private static final Duration LONGEST = Duration.ofSeconds(20);

    /** The hours of one statement, so that even those of 10,000 clients take few seconds and little memory. */
    private static final Duration PIECE = Duration.ofHours(6);

    private final Optional<Supplier<Policy>> policy;
    private final HourTable hours;
    private final Duration retention;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final DocumentReads reads;

    private volatile boolean closed;

    /**
     * Creates it; nothing is read yet.
     *
     * @param policy gives the policy in use, which has the teams; empty without one
     * @param source used by this object alone
     * @param retention how long the ledger keeps hours
     * @param threads makes the thread
     * @param clock the time of day
     * @param nanoTime a clock that never goes back
     */
    public Trials(
            Optional<Supplier<Policy>> policy,
            DataSource source,
            Duration retention,
            ThreadFactory threads,
            InstantSource clock,
            LongSupplier nanoTime) {
        this.retention = retention;
        this.nanoTime = nanoTime;
        this.policy = policy;
        this.hours = new HourTable(source);
        this.clock = clock;
        this.reads = new DocumentReads(MOST_OPEN, threads);
    }

    /**
     * What a budget would have done; empty at once if too many trials wait. Fails with an {@link SQLException} if the database
     * cannot be read now, or not in time.
     */
    public Optional<CompletableFuture<TrialResult>> run(Trial trial) {
        if (!reads.enter()) {
            return Optional.empty();
        }
        long end = nanoTime.getAsLong() + LONGEST.toNanos();
        return Optional.of(reads.read(wanted -> read(trial, end)).whenComplete((result, failed) -> reads.leave()));
    }

    private TrialResult read(Trial trial, long latest) throws SQLException {
        var owner = owner(trial);
        var replays = new LinkedHashMap<String, OwnerReplay>();
        var now = clock.instant();
        var end = trial.to().isBefore(now) ? trial.to() : now;
        String only = trial.scope() == TrialScope.CLIENT ? trial.name() : "";
        for (var from = trial.from(); from.isBefore(end); from = from.plus(PIECE)) {
            if (closed || nanoTime.getAsLong() - latest > 0) {
                throw new SQLTimeoutException("not read in time", "57014");
            }
            var to = from.plus(PIECE);
            for (var hour : hours.read(from, to.isBefore(end) ? to : end, only)) {
                owner.apply(hour.client()).ifPresent(name -> replays.computeIfAbsent(
                                name,
                                none -> new OwnerReplay(
                                        name, trial, !trial.scope().isForEach()))
                        .add(hour.starts(), hour.requests(), hour.nanos()));
            }
        }
        var since = Optional.of(now.minus(retention)).filter(trial.from()::isBefore);
        return result(trial, since, end, replays);
    }

    private static TrialResult result(
            Trial trial, Optional<Instant> since, Instant end, Map<String, OwnerReplay> replays) {
        var owners = replays.values().stream()
                .map(OwnerReplay::total)
                .sorted(Comparator.comparingLong(TrialOwner::refused)
                        .thenComparingLong(TrialOwner::spent)
                        .reversed()
                        .thenComparing(TrialOwner::name))
                .toList();
        var all = owners.stream().reduce(new TrialOwner("", 0, 0, 0, 0, 0, 0), TrialOwner::plus);
        var windows = replays.values().stream()
                .flatMap(each -> each.reached().stream())
                .toList();
        return new TrialResult(
                trial, since, end.isBefore(trial.to()) ? Optional.of(end) : Optional.empty(), all, owners, windows);
    }

    /** Finds the owner that a client's cost is added to; empty for none. Teams are those of today. */
    private Function<String, Optional<String>> owner(Trial trial) {
        return switch (trial.scope()) {
            case ORGANIZATION -> client -> Optional.of("");
            case EACH_CLIENT, CLIENT -> client -> Optional.of(client).filter(name -> !name.isEmpty());
            case EACH_TEAM -> {
                var payers = payers();
                yield client -> Optional.ofNullable(payers.get(client));
            }
            case TEAM -> {
                var payers = payers();
                yield client -> Optional.ofNullable(payers.get(client)).filter(trial.name()::equals);
            }
        };
    }

    private Map<String, String> payers() {
        return policy.map(Supplier::get).map(Policy::principals).orElse(List.of()).stream()
                .filter(client -> client.membership().payer().isPresent())
                .collect(Collectors.toMap(
                        Principal::name,
                        client -> client.membership().payer().map(Team::name).orElseThrow()));
    }

    /** Ends what waits, and what runs after its present statement: an interrupted thread would close the files of H2. */
    @Override
    public void close() {
        closed = true;
        reads.close();
    }
}
