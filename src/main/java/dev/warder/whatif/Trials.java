package dev.warder.whatif;

import dev.warder.ledger.jdbc.HourTable;
import dev.warder.policy.Policy;
import dev.warder.policy.Principal;
import dev.warder.policy.Team;
import dev.warder.thread.DocumentReads;
import java.sql.SQLException;
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
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/**
 * Tries budgets on the sums that the ledger keeps for each hour and client. One thread reads them, for one trial after the
 * other. Thread-safe; no method waits.
 */
public final class Trials implements AutoCloseable {
    private static final int MOST_OPEN = 4;

    /** Rows of one statement: even those of 10,000 clients in a quarter of a day take less than its limit of time. */
    private static final Duration PIECE = Duration.ofHours(6);

    private final Optional<Supplier<Policy>> policy;
    private final HourTable hours;
    private final InstantSource clock;
    private final DocumentReads reads;

    /**
     * Creates it; nothing is read yet.
     *
     * @param policy gives the policy in use, which has the teams; empty without one
     * @param source used by this object alone
     * @param threads makes the thread
     */
    public Trials(Optional<Supplier<Policy>> policy, DataSource source, ThreadFactory threads, InstantSource clock) {
        this.policy = policy;
        this.hours = new HourTable(source);
        this.clock = clock;
        this.reads = new DocumentReads(MOST_OPEN, threads);
    }

    /**
     * What a budget would have done; empty at once if too many trials wait. Fails with an {@link SQLException} if the database
     * cannot be read now.
     */
    public Optional<CompletableFuture<TrialResult>> run(Trial trial) {
        if (!reads.enter()) {
            return Optional.empty();
        }
        return Optional.of(reads.read(wanted -> read(trial)).whenComplete((result, failed) -> reads.leave()));
    }

    private TrialResult read(Trial trial) throws SQLException {
        var owner = owner(trial);
        var replays = new LinkedHashMap<String, OwnerReplay>();
        var now = clock.instant();
        var end = trial.to().isBefore(now) ? trial.to() : now;
        String only = trial.scope() == TrialScope.CLIENT ? trial.name() : "";
        for (var from = trial.from(); from.isBefore(end); from = from.plus(PIECE)) {
            var to = from.plus(PIECE);
            for (var hour : hours.read(from, to.isBefore(end) ? to : end, only)) {
                owner.apply(hour.client()).ifPresent(name -> replays.computeIfAbsent(
                                name,
                                none -> new OwnerReplay(
                                        name, trial, !trial.scope().isForEach()))
                        .add(hour.starts(), hour.requests(), hour.nanos()));
            }
        }
        return result(trial, end, replays);
    }

    private static TrialResult result(Trial trial, Instant end, Map<String, OwnerReplay> replays) {
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
                trial, end.isBefore(trial.to()) ? Optional.of(end) : Optional.empty(), all, owners, windows);
    }

    /** Whom the spending of a client counts for; empty for none. Teams are those of today. */
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

    /** Ends what waits. What runs goes on: an interrupted thread would close the files of H2. */
    @Override
    public void close() {
        reads.close();
    }
}
