package dev.warder.quota;

import dev.warder.container.TaskPool;
import dev.warder.ledger.store.Amounts;
import dev.warder.ledger.store.PeriodKey;
import dev.warder.ledger.store.PeriodReader;
import dev.warder.ledger.store.PeriodReader.NodeWait;
import dev.warder.policy.Budget;
import dev.warder.policy.Policy;
import dev.warder.quota.BudgetReport.Lines;
import dev.warder.quota.BudgetReport.TeamLines;
import dev.warder.quota.Budgets.NodeBudgets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes reports of budgets on a thread of its own, which exists while there is something to report. The numbers are read from the
 * database for all callers, and again only when they are old: the longer that takes, the less often, so that the database
 * spends at most a twentieth of its time on it. Thread-safe; no method waits.
 */
public final class BudgetReports implements AutoCloseable {
    static final int MOST_TEAMS = 50;
    static final int MOST_CLIENT_LINES = 500;

    private static final Logger LOG = LoggerFactory.getLogger(BudgetReports.class);

    private static final int LINES = 50;
    private static final int SESSIONS = 20;
    private static final int SESSIONS_READ = 200;
    /** Half of them are for the only caller. */
    private static final int MOST_WAITING = 100;

    private static final int MOST_READ = 50_000;

    /** Read at once: five queries. */
    private static final int PART = 1000;

    private static final long LONGEST = Duration.ofSeconds(10).toNanos();
    private static final long LEAST_AGE = Duration.ofSeconds(2).toNanos();
    private static final long MOST_AGE = Duration.ofSeconds(60).toNanos();
    private static final int TIMES = 20;

    private final Supplier<Policy> policy;
    private final Supplier<NodeBudgets> node;
    private final PeriodReader periods;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final TaskPool reads;

    /** For the thread, as the time after it. */
    private Numbers last = Numbers.NONE;

    private long readAgainAt;

    /**
     * The numbers that were read. Immutable.
     *
     * @param complete whether the database could be read
     * @param unread how many periods were not read, because there are too many
     */
    private record Numbers(boolean complete, Map<PeriodKey, Amounts> states, int unread, List<NodeWait> waits) {
        static final Numbers NONE = new Numbers(false, Map.of(), 0, List.of());
    }

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
        this.periods = new PeriodReader(source);
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.reads = new TaskPool(1, MOST_WAITING, threads);
        readAgainAt = nanoTime.getAsLong();
    }

    /**
     * A report, with numbers of the database that are at most some seconds old.
     *
     * @return empty when too many reports are asked for, or this is closed; never completes with an exception
     */
    public CompletableFuture<Optional<BudgetReport>> report(BudgetReport.Query query) {
        return reads.run("all", () -> false, () -> Optional.of(make(query))).exceptionally(cause -> {
            if (!(cause instanceof RejectedExecutionException)) {
                LOG.error("A report of budgets cannot be made", cause);
            }
            return Optional.empty();
        });
    }

    private BudgetReport make(BudgetReport.Query query) {
        var now = clock.instant();
        var current = policy.get();
        var here = node.get();
        var used =
                here.used().stream().filter(line -> line.window().contains(now)).toList();
        var sessions = used.stream()
                .filter(line -> line.budget().scope() == Budget.Scope.SESSION)
                .sorted(BudgetLine.FULLEST)
                .toList();
        var budgets = current.budgetsByKey().values().stream()
                // Those of clients last, since they may be too many.
                .sorted(Comparator.comparing(each -> each.scope() == Budget.Scope.CLIENT))
                .map(each -> new BudgetLine(each, each.terms().windowAt(now), Optional.empty()))
                .toList();
        var keys = Stream.concat(sessions.stream().limit(SESSIONS_READ), budgets.stream())
                .map(BudgetLine::key)
                .toList();
        var read = numbers(keys, here.run());
        var states = new HashMap<PeriodKey, Amounts>();
        used.forEach(line -> line.amounts().ifPresent(amounts -> states.put(line.key(), amounts)));
        states.putAll(read.states);
        var lines = Stream.concat(sessions.stream(), budgets.stream())
                .map(line -> new BudgetLine(line.budget(), line.window(), amounts(line, states)))
                .collect(Collectors.groupingBy(line -> line.budget().scope()));
        var tree = Tree.of(current, query, lines);
        return new BudgetReport(
                now,
                query.at(tree.page),
                read.complete,
                lines.getOrDefault(Budget.Scope.ORGANIZATION, List.of()),
                tree.shown,
                tree.more,
                tree.pages,
                Lines.of(lines.getOrDefault(Budget.Scope.TAG, List.of()), 0, LINES),
                Lines.of(lines.getOrDefault(Budget.Scope.MODEL, List.of()), 0, LINES),
                Lines.of(lines.getOrDefault(Budget.Scope.SESSION, List.of()), 0, SESSIONS),
                read.unread,
                here.waiting(),
                here.allWaiting() - here.waiting().size(),
                read.waits.stream().limit(LINES).toList(),
                read.waits.size() > LINES,
                here.events());
    }

    /** The amount is that of the policy: the database has it after the next request only. */
    private static Optional<Amounts> amounts(BudgetLine line, Map<PeriodKey, Amounts> states) {
        return Optional.ofNullable(states.get(line.key()))
                .map(each -> each.of(line.budget().terms().nanos()));
    }

    /**
     * The numbers of these periods, or those that were read some seconds ago. Waits for the database.
     *
     * @param keys those first that matter most
     * @param run of this node
     */
    private Numbers numbers(List<PeriodKey> keys, UUID run) {
        long began = nanoTime.getAsLong();
        if (began - readAgainAt >= 0) {
            last = read(keys, run, began);
            long ended = nanoTime.getAsLong();
            long age = Math.min(MOST_AGE, Math.max(LEAST_AGE, TIMES * (ended - began)));
            readAgainAt = ended + (last.complete ? age : LEAST_AGE);
        }
        return last;
    }

    private Numbers read(List<PeriodKey> keys, UUID run, long began) {
        try {
            var states = new HashMap<PeriodKey, Amounts>();
            int most = Math.min(MOST_READ, keys.size());
            int read = 0;
            while (read < most && nanoTime.getAsLong() - began < LONGEST) {
                int to = Math.min(most, read + PART);
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

    /** Ends what waits. What runs goes on: an interrupted thread would close the files of H2. */
    @Override
    public void close() {
        reads.close();
    }

    /**
     * A page of teams and their clients. Immutable.
     *
     * @param shown at most {@link #MOST_TEAMS}, those with the fullest budgets first
     * @param more how many teams are on later pages
     * @param page the one that there is
     * @param pages how many there are, at least 1
     */
    private record Tree(List<TeamLines> shown, int more, int page, int pages) {
        /**
         * The teams and clients whose names contain the part: of a team whose name does, all clients. Of several teams the
         * fullest clients are shown, and of one team a page of them.
         */
        static Tree of(Policy policy, BudgetReport.Query query, Map<Budget.Scope, List<BudgetLine>> lines) {
            var teams = clients(policy, query);
            var ofTeams = byName(lines, Budget.Scope.TEAM);
            var ofClients = byName(lines, Budget.Scope.CLIENT);
            boolean one = query.isOneTeam();
            int size = one ? MOST_CLIENT_LINES : MOST_TEAMS;
            int count = one
                    ? teams.values().stream()
                            .mapToInt(names -> all(names, ofClients).size())
                            .sum()
                    : teams.size();
            int pages = Math.max(1, (count + size - 1) / size);
            int page = Math.min(query.page(), pages);
            int before = size * (page - 1);
            int most = one ? size : MOST_CLIENT_LINES / Math.min(MOST_TEAMS, Math.max(1, count));
            var shown = new ArrayList<TeamLines>();
            teams.forEach((team, names) -> {
                var clients = Lines.of(all(names, ofClients), one ? before : 0, most);
                long without = names.stream()
                        .filter(name -> !ofClients.containsKey(name))
                        .count();
                shown.add(new TeamLines(team, all(List.of(team), ofTeams), clients, (int) without));
            });
            shown.sort(TeamLines.FULLEST);
            int from = one ? 0 : before;
            int to = Math.min(shown.size(), from + MOST_TEAMS);
            return new Tree(shown.subList(from, to), one ? 0 : Math.max(0, count - size * page), page, pages);
        }

        private static List<BudgetLine> all(List<String> names, Map<String, List<BudgetLine>> lines) {
            return names.stream()
                    .flatMap(name -> lines.getOrDefault(name, List.of()).stream())
                    .toList();
        }

        /** The names of the clients by the teams that pay for them, those without a team last. */
        private static Map<String, List<String>> clients(Policy policy, BudgetReport.Query query) {
            var teams = new LinkedHashMap<String, List<String>>();
            policy.teams().forEach(team -> teams.put(team.name(), new ArrayList<>()));
            teams.put("", new ArrayList<>());
            teams.keySet().removeIf(name -> !query.includes(name));
            for (var client : policy.principals()) {
                String payer =
                        client.membership().payer().map(Policy.Team::name).orElse("");
                var clients = teams.get(payer);
                if (clients != null && (query.finds(payer) || query.finds(client.name()))) {
                    clients.add(client.name());
                }
            }
            teams.entrySet()
                    .removeIf(team ->
                            team.getValue().isEmpty() && (team.getKey().isEmpty() || !query.finds(team.getKey())));
            return teams;
        }

        private static Map<String, List<BudgetLine>> byName(
                Map<Budget.Scope, List<BudgetLine>> lines, Budget.Scope scope) {
            return lines.getOrDefault(scope, List.of()).stream()
                    .collect(Collectors.groupingBy(line -> line.budget().name()));
        }
    }
}
